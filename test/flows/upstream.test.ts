import { expect } from 'chai';
import { unlimited } from '../apis/customers/code-steps.ts';
import { somebody } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { type FakeFacebook, fakeFacebook } from '../support/upstream/facebook.ts';
import { type FakeProvider, fakeApple, fakeGoogle, fakeLine, fakeOidc } from '../support/upstream/kinds.ts';
import { claimsOf, firstParty, PASSWORD, type TwoSteps, twoSteps } from './two-steps.ts';
import { approve, comeBack, identity, leave, newPerson, signInWith, verifyMobile } from './upstream-steps.ts';

describe('signing in with another provider', () => {
  let server: TestServer;
  let flow: TwoSteps;
  let google: FakeProvider;
  let line: FakeProvider;
  let apple: FakeProvider;
  let staff: FakeProvider;
  let facebook: FakeFacebook;
  before(async () => {
    [google, line, apple, staff, facebook] = await Promise.all([
      fakeGoogle(),
      fakeLine(),
      fakeApple(),
      fakeOidc(),
      fakeFacebook(),
    ]);
    server = await startServer({
      ...unlimited(),
      upstream: [google, line, apple, staff, facebook].map(({ settings }) => settings),
      facebook: facebook.facebook,
    });
    flow = twoSteps(server, await firstParty(server));
    // refusals and responses about taken identities are limited by address
    await forgetCounts(server.database);
  });
  after(() => server.stop());

  /** Registers a person at a provider for an account. */
  async function register(provider: string, fields: Record<string, string> = {}) {
    const asked = await signInWith(flow, provider);
    expect(asked.step, asked.page).to.equal('upstream/register');
    const form = await verifyMobile(server, flow, asked);
    expect(form.step, form.page).to.equal('upstream/register/details');
    return { form, end: await flow.send(form, 'upstream/register/details', identity(fields)) };
  }

  it('has a button for each provider, in the order of the settings', async () => {
    const { page, agent, uid } = await flow.start();
    const buttons = [...page.matchAll(/name="identity_provider" value="(\w+)"/g)].map(([, id]) => id);
    expect(buttons).to.deep.equal(['google', 'line', 'apple', 'staff', 'facebook']);
    const register = await (await agent.follow(`${server.url}/interaction/${uid}/register`)).text();
    expect(register).to.include('name="identity_provider" value="line"');
    const alone = await (await fetch(`${server.url}/register`)).text();
    expect(alone).to.include('action="/register/upstream"').and.include('value="google"');
  });

  for (const [provider, fake] of [
    ['google', () => google],
    ['line', () => line],
    ['apple', () => apple],
    ['staff', () => staff],
  ] as const)
    it(`registers a person of ${provider} once, and then signs in`, async () => {
      fake().issuer.person = newPerson({ firstName: 'ฝอย', lastName: 'ขัดหม้อ' });
      const { form, end } = await register(provider, { email: '' });
      expect(form.page).to.include('value="ฝอย"').and.include('value="ขัดหม้อ"');
      const first = claimsOf(await flow.tokens(end));
      expect([first.acr, first.amr]).to.deep.equal(['urn:pratu:acr:upstream', ['fed']]);
      const again = claimsOf(await flow.tokens(await signInWith(flow, provider)));
      expect(again.sub).to.equal(first.sub);
    });

  it('reads who it is from the Graph API for Facebook, and shares its users with the Keys API', async () => {
    facebook.person = {
      id: `10${process.pid}`,
      email: 'anyone@example.com',
      first_name: 'ฝอย',
      last_name: 'ขัดหม้อ',
    };
    const { form, end } = await register('facebook');
    expect(form.page).to.include('value="ฝอย"').and.include('value="anyone@example.com"');
    const { sub } = claimsOf(await flow.tokens(end));
    expect(await server.domain.bindings.holder('facebook', facebook.person.id)).to.equal(Number(sub));
    expect(claimsOf(await flow.tokens(await signInWith(flow, 'facebook'))).sub).to.equal(sub);
    const proof = { token: facebook.token(), address: '127.0.0.1' };
    expect((await server.domain.facebook.verify({ ...proof, clientId: 'keys' })).id).to.equal(Number(sub));
    facebook.tokensOf = 'another app';
    const refused = await signInWith(flow, 'facebook');
    facebook.tokensOf = facebook.settings.clientId;
    expect([refused.status, refused.step]).to.deep.equal([400, 'upstream/return']);
  });

  it('counts an address that a trusted provider verified, and no other', async () => {
    const verified = newPerson();
    google.issuer.person = verified;
    const { end } = await register('google', { email: String(verified.email) });
    const account = await server.domain.accounts.find(Number(claimsOf(await flow.tokens(end)).sub));
    expect(account?.contacts.find(({ kind }) => kind === 'email')).to.include({ verified: true });

    const typed = newPerson();
    for (const [provider, fake] of [
      ['line', line],
      ['staff', staff],
    ] as const) {
      fake.issuer.person = newPerson({ email: typed.email });
      const { end: other } = await register(provider, { email: String(typed.email) });
      const second = await server.domain.accounts.find(Number(claimsOf(await flow.tokens(other)).sub));
      expect(
        second?.contacts.find(({ kind }) => kind === 'email'),
        provider,
      ).to.include({ verified: false });
    }
  });

  it('registers a person without an address', async () => {
    line.issuer.person = { sub: newPerson().sub, name: 'ฝอย ขัดหม้อ' };
    const { form, end } = await register('line');
    expect(form.page).to.match(/name="email" type="email" value=""/);
    expect(end.back?.searchParams.get('code')).to.be.a('string');
  });

  it('registers from the page of registrations, and ends at My account', async () => {
    line.issuer.person = newPerson();
    const agent = new BrowserAgent();
    const page = await (await agent.follow(`${server.url}/register`)).text();
    const left = await agent.submit('/register/upstream', { identity_provider: 'line' }, page);
    const asked = await comeBack(agent, await approve(new URL(left.headers.get('location') ?? '')));
    expect(asked.step).to.equal('upstream/register');
    const form = await verifyMobile(server, flow, asked);
    await flow.send(form, 'upstream/register/details', identity());
    expect([agent.location, form.status]).to.deep.equal([`${server.url}/account`, 200]);
    const unknown = await agent.submit('/register/upstream', { identity_provider: 'elsewhere' }, page);
    expect([unknown.status, agent.location]).to.deep.equal([200, `${server.url}/register`]);
  });

  it('has the owner of an address sign in before it links', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson({ email: owner.email });
    const stopped = await signInWith(flow, 'google');
    expect([stopped.step, stopped.back]).to.deep.equal(['upstream/link', undefined]);
    expect(stopped.page).to.include(owner.email);
    const login = await flow.send(stopped, 'upstream/link', {});
    expect(login.step).to.equal('login');
    expect(login.page).to.match(/will be linked|ระบบจะเชื่อม/);
    const end = await flow.send(login, 'login', { login: owner.email, password: PASSWORD });
    expect(claimsOf(await flow.tokens(end)).sub).to.equal(String(owner.id));
    expect(claimsOf(await flow.tokens(await signInWith(flow, 'google'))).sub).to.equal(String(owner.id));
    const messages = await server.domain.outbox.list({ to: owner.email, limit: 5 });
    expect(messages.map(({ subject }) => subject).join()).to.include('Google');
  });

  it('links nothing for a person who cancels', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson({ email: owner.email });
    const login = await flow.send(await signInWith(flow, 'google'), 'upstream/link', {});
    const plain = await flow.send(login, 'upstream/forget', {});
    const end = await flow.send(plain, 'login', { login: owner.email, password: PASSWORD });
    expect(end.back?.searchParams.get('code')).to.be.a('string');
    expect(await server.domain.bindings.list(owner.id)).to.deep.equal([]);
  });

  it('links an account of someone who has one under another address', async () => {
    const owner = await somebody(server);
    line.issuer.person = newPerson();
    const asked = await signInWith(flow, 'line');
    const offered = await asked.agent.follow(`${server.url}/interaction/${asked.uid}/upstream/link`);
    const page = await offered.text();
    const login = await flow.send({ ...asked, page }, 'upstream/link', {});
    await flow.send(login, 'login', { login: owner.email, password: PASSWORD });
    expect(claimsOf(await flow.tokens(await signInWith(flow, 'line'))).sub).to.equal(String(owner.id));
  });

  it('goes to the provider that the client names, once', async () => {
    const begun = await flow.start({ identity_provider: 'line' });
    expect(begun.back?.origin).to.equal(line.issuer.url);
    const page = await begun.agent.follow(`${server.url}${new URL(begun.agent.location).pathname}`);
    expect([page.status, (await page.text()).includes('name="password"')]).to.deep.equal([200, true]);
  });

  it('shows the sign-in page for a provider that it does not know', async () => {
    for (const unknown of ['elsewhere', 'https://evil.example', '//evil.example', '__proto__', '']) {
      const { step, page } = await flow.start({ identity_provider: unknown });
      expect([step, page.includes('name="password"')], unknown).to.deep.equal(['', true]);
      const begun = await flow.start();
      const sent = await leave(begun, unknown);
      expect(sent.href, unknown).to.equal(`${server.url}/interaction/${begun.uid}`);
    }
  });

  const failures: [string, () => void, RegExp][] = [
    ['declines', () => (google.issuer.mood = { denies: 'access_denied' }), /Google/],
    ['is temporarily down', () => (google.issuer.mood = { denies: 'temporarily_unavailable' }), /Google/],
    ['does not answer the server', () => (google.issuer.mood = { down: true }), /Google/],
    ['answers with a wrong nonce', () => (google.issuer.mood = { claims: { nonce: 'other' } }), /Google/],
    [
      'answers as another issuer',
      () => (google.issuer.mood = { claims: { iss: 'https://evil.example' } }),
      /Google/,
    ],
    ['answers for another client', () => (google.issuer.mood = { claims: { aud: 'other' } }), /Google/],
    ['answers with an old ID token', () => (google.issuer.mood = { claims: { exp: 1 } }), /Google/],
    ['signs with another key', () => (google.issuer.mood = { forges: true }), /Google/],
    ['responds with another iss', () => (google.issuer.mood = { iss: 'https://evil.example' }), /Google/],
  ];
  for (const [what, spoil, words] of failures)
    it(`explains itself, and offers the other methods, when the provider ${what}`, async () => {
      google.issuer.person = newPerson();
      spoil();
      const failed = await signInWith(flow, 'google');
      google.issuer.mood = {};
      expect([failed.status, failed.step]).to.deep.equal([400, 'upstream/return']);
      expect(failed.page)
        .to.match(/role="alert"/)
        .and.match(words);
      expect(failed.page).to.include(`/interaction/${failed.uid}/login"`);
      const again = await signInWith(flow, 'google', failed);
      expect(again.step).to.equal('upstream/register');
    });

  it('refuses an ID token of LINE that has no right HMAC', async () => {
    line.issuer.person = newPerson();
    line.issuer.mood = { forges: true };
    const failed = await signInWith(flow, 'line');
    line.issuer.mood = {};
    expect(failed.step).to.equal('upstream/return');
  });

  it('refuses a response without iss of a provider that sends one', async () => {
    staff.issuer.person = newPerson();
    const { mood } = staff.issuer;
    staff.issuer.mood = {};
    const failed = await signInWith(flow, 'staff');
    staff.issuer.mood = mood;
    expect(failed.step).to.equal('upstream/return');
  });

  it('asks for the second factor of the account', async () => {
    const owner = await somebody(server);
    await server.domain.bindings.add(owner.id, {
      ...{ provider: 'upstream:google', externalId: newPerson().sub, status: '1' },
    });
    const [binding] = await server.domain.bindings.list(owner.id);
    google.issuer.person = { sub: binding?.externalId ?? '' };
    const app = await enrolApp(server.domain, owner.id);
    const second = await signInWith(flow, 'google');
    expect(second.step).to.equal('second-factor');
    const { acr, amr } = claimsOf(await flow.tokens(await flow.second(second, app.code())));
    expect([acr, amr]).to.deep.equal(['urn:pratu:acr:mfa', ['fed', 'otp', 'mfa']]);
  });

  it('gives the acr of the method to a client that wants it', async () => {
    const { step, page } = await flow.start({ acr_values: 'urn:pratu:acr:upstream' });
    expect(step).to.equal('upstream');
    expect(page).to.include('value="google"');
    const discovery = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
    expect(discovery.acr_values_supported).to.include('urn:pratu:acr:upstream');
    const only = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:pratu:acr:password' } } });
    const login = await flow.start({ claims: only });
    expect(login.page).to.not.include('identity_provider');
  });

  it('does not sign in to a suspended account', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson();
    await server.domain.bindings.add(owner.id, {
      ...{ provider: 'upstream:google', externalId: google.issuer.person.sub, status: '1' },
    });
    await server.domain.lifecycle.suspend(owner.id);
    const refused = await signInWith(flow, 'google');
    expect([refused.step, refused.back]).to.deep.equal(['upstream/return', undefined]);
    const { rows } = await server.database.knex.raw(
      `select reason from audit where account_id = ? and event = 'sign_in.failed'`,
      [owner.id],
    );
    expect(rows).to.deep.equal([{ reason: 'not_active' }]);
  });

  it('lets a person continue who comes back in another browser', async () => {
    line.issuer.person = newPerson();
    const left = await flow.start();
    const approved = await approve(await leave(left, 'line'));
    const elsewhere = await comeBack(new BrowserAgent(), approved);
    expect([elsewhere.status, elsewhere.back]).to.deep.equal([400, undefined]);
    const thai = /href="([^"]+lang=th)"/.exec(elsewhere.page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect([/state=/, /code=/].map((one) => one.test(thai))).to.deep.equal([true, false]);
    const translated = await elsewhere.agent.follow(new URL(thai, server.url).href);
    expect(await translated.text()).to.include('/oauth/authorize?');
    const restart = /href="(\/oauth\/authorize\?[^"]+)"/.exec(elsewhere.page)?.[1]?.replaceAll('&amp;', '&');
    const begun = await elsewhere.agent.follow(new URL(restart ?? '', server.url).href);
    expect(begun.headers.get('location')).to.match(new RegExp(`^${line.issuer.url}/authorize`));
    const there = await comeBack(
      elsewhere.agent,
      await approve(new URL(begun.headers.get('location') ?? '')),
    );
    expect(there.step).to.equal('upstream/register');
    expect((await comeBack(left.agent, approved)).step).to.equal('upstream/register');
  });
});
