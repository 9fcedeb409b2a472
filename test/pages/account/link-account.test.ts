import { expect } from 'chai';
import { resetTrust } from '../../../src/domain/recovery/reset-trust.ts';
import { unlimited } from '../../apis/customers/code-steps.ts';
import { approve, newPerson } from '../../flows/upstream-steps.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock, resetClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type FakeProvider, fakeApple, fakeGoogle } from '../../support/upstream/kinds.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alerts, notice, type Seen, somebody, type Visitor } from './visitor.ts';

const LIST = '/account/linked';

describe('linking an account with a person at a provider', () => {
  let server: TestServer;
  let google: FakeProvider;
  let apple: FakeProvider;
  before(async () => {
    [google, apple] = await Promise.all([fakeGoogle(), fakeApple()]);
    server = await startServer(
      { ...unlimited(), upstream: [google.settings, apple.settings] },
      { alone: true },
    );
  });
  after(() => server.stop());
  afterEach(resetClock);

  const signedIn = async (): Promise<Visitor> => (await somebody(server)).signIn();
  const linksOf = async ({ id }: Visitor): Promise<string[]> =>
    (await server.domain.bindings.list(id)).map(({ provider }) => provider);

  /** Presses the button of a provider, which approves the request. */
  async function leave(visitor: Visitor, provider: string) {
    const { next } = await visitor.send(`${LIST}/add`, { identity_provider: provider }, { on: LIST });
    return approve(new URL(next));
  }

  /** Follows the redirects from a provider back to the list. */
  async function comeBack(
    { agent }: Pick<Visitor, 'agent'>,
    { address, form }: Awaited<ReturnType<typeof leave>>,
  ): Promise<Pick<Seen, 'page' | 'status'>> {
    let next = address;
    if (form) {
      const posted = await fetch(address, { method: 'POST', body: form, redirect: 'manual' });
      next = new URL(posted.headers.get('location') ?? '', address).href;
    }
    const answer = await agent.follow(next);
    return { page: await answer.text(), status: answer.status };
  }

  for (const [provider, fake, name] of [
    ['google', () => google, 'Google'],
    ['apple', () => apple, 'Apple'],
  ] as const)
    it(`links ${name}, tells the owner, and removes the link`, async () => {
      const owner = await signedIn();
      fake().issuer.person = newPerson();
      expect((await owner.open(LIST)).page).to.include(`value="${provider}"`);
      const { page } = await comeBack(owner, await leave(owner, provider));
      expect(notice(page)).to.equal('The account has been linked.');
      expect(page).to.include(`<strong>${name}</strong>`).and.not.include(`value="${provider}"`);
      const mails = await server.domain.outbox.list({ to: owner.email, limit: 5 });
      expect(mails.map(({ subject }) => subject).join()).to.include(name);
      const events = await server.database
        .knex('audit')
        .where({ account_id: owner.id, event: 'binding.set' });
      expect(events).to.have.length(1);
      await owner.send(`${LIST}/remove`, { provider: `upstream:${provider}` }, { on: LIST });
      expect(await linksOf(owner)).to.deep.equal([]);
    });

  it('needs a sign-in of the last five minutes', async () => {
    const owner = await signedIn();
    const csrf = csrfOf((await owner.open(LIST)).page);
    await moveClock(server.database, 301);
    const { next } = await owner.send(`${LIST}/add`, { identity_provider: 'google' }, { csrf });
    expect(next).to.include('/oauth/authorize?').and.include('prompt=login');
  });

  it('leaves a person to the account that has it', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    google.issuer.person = newPerson();
    await comeBack(first, await leave(first, 'google'));
    const { page } = await comeBack(second, await leave(second, 'google'));
    expect(alerts(page)).to.deep.equal(['Another account is linked to this person already.']);
    expect([await linksOf(first), await linksOf(second)]).to.deep.equal([['upstream:google'], []]);
  });

  for (const [what, mood, words] of [
    ['is declined', { denies: 'access_denied' }, 'The link was cancelled.'],
    ['is not valid', { claims: { nonce: 'other' } }, 'The response could not be verified. Try again.'],
    [
      'meets a provider that is down',
      { down: true },
      'The provider cannot be reached at the moment. Try again later.',
    ],
  ] as const)
    it(`says so when it ${what}`, async () => {
      const owner = await signedIn();
      google.issuer.person = newPerson();
      // a provider returns a refusal through the browser; the other failures happen when the browser comes back
      if ('denies' in mood) google.issuer.mood = mood;
      const approval = await leave(owner, 'google');
      google.issuer.mood = mood;
      const { page } = await comeBack(owner, approval);
      google.issuer.mood = {};
      expect(alerts(page)).to.deep.equal([words]);
      expect(await linksOf(owner)).to.deep.equal([]);
    });

  it('happens only in the browser, and for the account, that asked', async () => {
    const attacker = await signedIn();
    google.issuer.person = newPerson();
    const response = await leave(attacker, 'google');
    // the response is sent to a victim: the victim's account gets no link
    const victim = await signedIn();
    expect((await comeBack(victim, response)).status).to.equal(400);
    expect(await linksOf(victim)).to.deep.equal([]);
    // and the other way round: a victim approves a request that an attacker started
    expect((await comeBack({ agent: new BrowserAgent() }, response)).status).to.equal(400);
    const state = new URL(response.address).searchParams.get('state');
    const { next } = await attacker.open(`${LIST}/return?state=${state}`);
    expect(next).to.equal(LIST);
    expect(await linksOf(attacker)).to.deep.equal([]);
  });

  it('does not happen while nobody is signed in, or someone else is', async () => {
    const owner = await signedIn();
    google.issuer.person = newPerson();
    const { address } = await leave(owner, 'google');
    const back = await owner.agent.request(address);
    await server.domain.lifecycle.signOutEverywhere(owner.id);
    const path = back.headers.get('location') ?? '';
    expect((await owner.open(path)).next).to.include('/oauth/authorize?');
    expect(await linksOf(owner)).to.deep.equal([]);
    const another = await somebody(server);
    const { signInToAccount, PASSWORD } = await import('./visitor.ts');
    await signInToAccount(owner.agent, `${server.url}/account`, { login: another.email, password: PASSWORD });
    expect((await owner.open(path)).next).to.equal(LIST);
    expect([await linksOf(owner), await linksOf(another)]).to.deep.equal([[], []]);
  });

  it('cannot be undone for the only way to sign in', async () => {
    const owner = await signedIn();
    for (const provider of ['google', 'apple']) {
      (provider === 'google' ? google : apple).issuer.person = newPerson();
      await comeBack(owner, await leave(owner, provider));
    }
    await server.database.knex('credentials').where({ account_id: owner.id }).delete();
    await server.database.knex('contacts').where({ account_id: owner.id, kind: 'mobile' }).delete();
    // one of two links can be removed, the last one cannot
    await owner.send(`${LIST}/remove`, { provider: 'upstream:apple' }, { on: LIST });
    const last = await owner.send(`${LIST}/remove`, { provider: 'upstream:google' }, { on: LIST });
    expect([last.status, await linksOf(owner)]).to.deep.equal([409, ['upstream:google']]);
  });

  describe('of Apple', () => {
    const revoked = async (): Promise<string[]> => {
      await server.jobs.sending.runNow();
      return apple.issuer.revoked.splice(0);
    };
    async function linked(): Promise<Visitor> {
      const owner = await signedIn();
      apple.issuer.person = newPerson();
      await comeBack(owner, await leave(owner, 'apple'));
      const [row] = await server.database.knex('upstream_tokens').where({ account_id: owner.id });
      expect(String(row?.sealed)).to.not.include('apple-refresh-token');
      return owner;
    }
    beforeEach(revoked);

    it('revokes the token when the link is removed', async () => {
      const owner = await linked();
      await owner.send(`${LIST}/remove`, { provider: 'upstream:apple' }, { on: LIST });
      expect(await revoked()).to.deep.equal(['apple-refresh-token']);
    });

    it('revokes it when the account is deleted, once Apple can be reached', async () => {
      const owner = await linked();
      apple.issuer.mood = { down: true };
      await server.domain.lifecycle.remove(owner.id);
      expect(await revoked()).to.deep.equal([]);
      apple.issuer.mood = {};
      let tokens: string[] = [];
      // a server of other tests, which does not have this Apple provider, may have claimed it first and postponed it
      for (let tries = 0; tries < 5 && tokens.length === 0; tries += 1) {
        await moveClock(server.database, 3600);
        tokens = await revoked();
      }
      expect(tokens).to.include('apple-refresh-token');
      expect(await server.database.knex('upstream_tokens').where({ account_id: owner.id })).to.deep.equal([]);
    });
  });

  it('is removed by a recovery when it was made before anything was proved, and its token is revoked', async () => {
    const email = `stranger-${process.pid}@example.com`;
    const { id } = await server.domain.lifecycle.create({
      contacts: [{ kind: 'email', value: email, verified: false }],
    });
    const provider = server.domain.upstreamProviders.find('apple');
    if (!provider) throw new Error('no such provider');
    await server.domain.upstreamLinks.link(id, {
      provider,
      identity: { externalId: newPerson().sub, emailVerified: false, revocable: 'token of a stranger' },
    });
    await moveClock(server.database, 60);
    const { knex } = server.database;
    const contact = { kind: 'email' as const, key: email };
    await server.domain.contacts.verifyEmail(id, contact);
    await resetTrust({ db: knex, keyring: server.domain.keyring, outbox: server.domain.outbox }, id, contact);
    expect(await server.domain.bindings.list(id)).to.deep.equal([]);
    await server.jobs.sending.runNow();
    expect(apple.issuer.revoked.splice(0)).to.include('token of a stranger');
  });
});
