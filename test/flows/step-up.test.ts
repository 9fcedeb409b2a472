import { expect } from 'chai';
import { somebody } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import type { TestClient } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { requestOf } from '../support/code-flow.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { arrived, claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const MFA = 'urn:pratu:acr:mfa';
const BY_PASSWORD = 'urn:pratu:acr:password';
const BY_SMS = 'urn:pratu:acr:sms';
const OTHER = 'urn:example:other';

const claim = (acr: unknown) => ({ claims: JSON.stringify({ id_token: { acr } }) });

describe('a request for a stronger sign-in', () => {
  let server: TestServer;
  let client: TestClient;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    client = await firstParty(server);
    flow = twoSteps(server, client);
  });
  after(() => server.stop());

  /** Removes the verification of all contacts, so that no code can be sent. */
  const unverify = (accountId: number): Promise<unknown> =>
    server.database.knex('contacts').where({ account_id: accountId }).update({ verified_at: null });

  /**
   * A person who signed in with the password and has added an app since. Without `enrol`, there is no second factor.
   */
  async function signedIn({ steps = flow, enrol = true } = {}) {
    const person = await somebody(server);
    const agent = new BrowserAgent();
    expect(claimsOf(await steps.tokens(await steps.toSecond(person, {}, agent))).acr).to.equal(BY_PASSWORD);
    if (!enrol) await unverify(person.id);
    return { person, agent, app: enrol ? await enrolApp(server.domain, person.id) : undefined };
  }

  const wishes: [string, Record<string, string>][] = [
    ['acr_values', { acr_values: MFA }],
    ['acr_values that prefer two', { acr_values: `${MFA} ${BY_PASSWORD}` }],
    ['acr_values among others that are unknown', { acr_values: `${OTHER} ${MFA}` }],
    ['a voluntary acr', claim({ value: MFA })],
    ['voluntary acrs', claim({ values: [MFA, BY_PASSWORD] })],
    ['an essential acr', claim({ essential: true, value: MFA })],
    ['essential acrs', claim({ essential: true, values: [OTHER, MFA] })],
    [
      'an essential acr beside weaker acr_values',
      { ...claim({ essential: true, value: MFA }), acr_values: BY_PASSWORD },
    ],
  ];

  for (const [how, request] of wishes) {
    it(`by ${how} is answered by the missing factor`, async () => {
      const { agent, app, person } = await signedIn();
      await moveClock(server.database, 30);
      expect(await flow.silently(agent, request)).to.equal('interaction_required');
      const asked = await flow.start(request, agent);
      expect(asked.step).to.equal('second-factor');
      const claims = claimsOf(await flow.tokens(await flow.second(asked, app?.code() ?? '')));
      expect(claims).to.include({ sub: String(person.id), acr: MFA });
      expect(await flow.silently(agent, request)).to.equal('code');
    });
  }

  for (const [how, request] of [
    ['acr_values that prefer the password', { acr_values: `${BY_PASSWORD} ${MFA}` }],
    ['essential acrs that begin with the password', claim({ essential: true, values: [BY_PASSWORD, MFA] })],
    ['an acr that is only wished to be reported', claim({ essential: true })],
    ['an acr that is null', claim(null)],
  ] as const)
    it(`is not one by ${how}, with a session by password`, async () => {
      const { agent } = await signedIn();
      expect(await flow.silently(agent, request)).to.equal('code');
    });

  describe('by default_acr_values', () => {
    const clientWith = async (values: string[]) =>
      twoSteps(server, await firstParty(server, { default_acr_values: values } as never));

    it('is answered by the missing factor', async () => {
      const steps = await clientWith([MFA]);
      const { agent, app } = await signedIn();
      expect(await steps.silently(agent)).to.equal('interaction_required');
      const asked = await steps.start({}, agent);
      expect(asked.step).to.equal('second-factor');
      expect(claimsOf(await steps.tokens(await steps.second(asked, app?.code() ?? ''))).acr).to.equal(MFA);
      expect(await steps.silently(agent)).to.equal('code');
    });

    it('gives way to the acr_values of a request', async () => {
      const steps = await clientWith([MFA]);
      const { agent } = await signedIn();
      expect(await steps.silently(agent, { acr_values: BY_PASSWORD })).to.equal('code');
    });

    it('goes on with one factor where the account has no other', async () => {
      const steps = await clientWith([MFA]);
      const { agent } = await signedIn({ enrol: false });
      expect(await steps.silently(agent)).to.equal('code');
    });

    it('leaves an essential acr essential', async () => {
      const steps = await clientWith([BY_PASSWORD]);
      const request = claim({ essential: true, value: MFA });
      const { agent, app } = await signedIn({ steps });
      expect(await steps.silently(agent, request)).to.equal('interaction_required');
      const done = await steps.second(await steps.start(request, agent), app?.code() ?? '');
      expect(claimsOf(await steps.tokens(done)).acr).to.equal(MFA);

      const { agent: weak, person } = await signedIn({ steps, enrol: false });
      expect(await steps.silently(weak, request)).to.equal('interaction_required');
      const { back } = await steps.password(await steps.start(request, weak), person.email);
      expect(back?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
    });
  });

  it('of two essential values of different kinds ends, with either', async () => {
    const { email, app } = await owner(server);
    const request = claim({ essential: true, values: [BY_SMS, MFA] });
    const asked = await flow.toSecond({ email }, request);
    expect(asked.step).to.equal('second-factor');
    expect(claimsOf(await flow.tokens(await flow.second(asked, app.code()))).acr).to.equal(MFA);
  });

  it('by prompt=login and an essential acr ends for an account whose app was removed meanwhile', async () => {
    const { id, email, app } = await owner(server);
    const agent = new BrowserAgent();
    await flow.second(await flow.toSecond({ email }, {}, agent), app.code());
    const [{ id: factor = '' } = {}] = (await server.domain.secondFactors.list(id)).authenticators;
    await server.domain.secondFactors.remove(id, factor);
    await unverify(id);
    const request = { prompt: 'login', ...claim({ essential: true, value: MFA }) };
    const { back } = await flow.toSecond({ email }, request, agent);
    expect(back?.searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  describe('without a page', () => {
    it('is login_required without a session, whatever is requested', async () => {
      for (const [, request] of wishes)
        expect(await flow.silently(new BrowserAgent(), request)).to.equal('login_required');
    });

    it('is login_required of a session that is too old, also when it is too weak', async () => {
      const { agent } = await signedIn();
      await moveClock(server.database, 60);
      expect(await flow.silently(agent, { max_age: '600' })).to.equal('code');
      expect(await flow.silently(agent, { max_age: '30' })).to.equal('login_required');
      for (const [, request] of wishes)
        expect(await flow.silently(agent, { ...request, max_age: '30' })).to.equal('login_required');
    });
  });

  it('counts max_age from the last factor', async () => {
    const { agent, app, person } = await signedIn();
    await moveClock(server.database, 60);
    await flow.second(await flow.start({ acr_values: MFA }, agent), app?.code() ?? '');
    await moveClock(server.database, 60);
    expect(await flow.silently(agent, { acr_values: MFA, max_age: '90' })).to.equal('code');
    expect(await flow.silently(agent, { acr_values: MFA, max_age: '30' })).to.equal('login_required');
    // with a page, both factors are required again, and auth_time shows it
    const again = await flow.password(
      await flow.start({ acr_values: MFA, max_age: '30' }, agent),
      person.email,
    );
    const claims = claimsOf(await flow.tokens(await flow.second(again, app?.code() ?? '')));
    expect(claims.acr).to.equal(MFA);
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 30);
  });

  for (const [what, acr] of [
    ['a text', MFA],
    ['a list', [MFA]],
    ['a number as value', { value: 5 }],
    ['a list as value', { essential: true, value: [MFA] }],
    ['a text as values', { values: MFA }],
    ['a number as values', { values: 5 }],
    ['numbers in values', { essential: true, values: [MFA, 5] }],
    ['null in values', { values: [null] }],
    ['a text as essential', { essential: 'yes', value: MFA }],
  ] as const)
    it(`is refused with ${what} for the claim acr`, async () => {
      const { back } = await flow.start(claim(acr));
      expect(back?.searchParams.get('error')).to.equal('invalid_request');
    });

  it('is refused with garbage as max_age, and asks for a sign-in with 0', async () => {
    const { agent } = await signedIn();
    for (const garbage of ['-1', 'soon', '1.5', '9'.repeat(30), '1 2'])
      expect(await flow.silently(agent, { max_age: garbage }), garbage).to.equal('invalid_request');
    await moveClock(server.database, 1);
    expect(await flow.silently(agent, { max_age: '0' })).to.equal('login_required');
  });

  it('is the same when it was pushed', async () => {
    const { agent, app } = await signedIn();
    const request = { ...claim({ essential: true, value: MFA }), acr_values: BY_PASSWORD };
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      body: new URLSearchParams({
        ...requestOf(client, request),
        code_challenge: flow.challenge,
        code_challenge_method: 'S256',
      }),
    });
    const { request_uri } = await answer.json();
    const url = `${server.url}/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri })}`;
    const asked = await arrived(agent, await agent.follow(url));
    expect(asked.step).to.equal('second-factor');
    const done = await flow.second(asked, app?.code() ?? '');
    expect(claimsOf(await flow.tokens(done)).acr).to.equal(MFA);
  });

  it('with garbage as acr_values is a sign-in like any other', async () => {
    for (const garbage of ['%00', '   ', 'ก'.repeat(100), `${MFA}x`, '\'"><script>']) {
      const { agent } = await signedIn();
      expect(await flow.silently(agent, { acr_values: garbage })).to.equal('code');
    }
  });
});
