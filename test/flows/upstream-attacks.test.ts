import { expect } from 'chai';
import { unlimited } from '../apis/customers/code-steps.ts';
import { newMobile } from '../apis/customers/customers-client.ts';
import { somebody } from '../pages/account/visitor.ts';
import { post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock, resetClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { type FakeProvider, fakeApple, fakeGoogle, fakeLine, fakeOidc } from '../support/upstream/kinds.ts';
import { type At, arrived, claimsOf, firstParty, PASSWORD, type TwoSteps, twoSteps } from './two-steps.ts';
import {
  approve,
  codeTo,
  comeBack,
  identity,
  leave,
  newPerson,
  signInWith,
  verifyMobile,
} from './upstream-steps.ts';

describe('attacks on signing in with another provider', () => {
  let server: TestServer;

  let flow: TwoSteps;
  let google: FakeProvider;
  let apple: FakeProvider;
  let line: FakeProvider;
  let staff: FakeProvider;
  before(async () => {
    [google, apple, line, staff] = await Promise.all([fakeGoogle(), fakeApple(), fakeLine(), fakeOidc()]);
    const upstream = [google, apple, line, staff].map(({ settings }) => settings);
    server = await startServer({ ...unlimited(), upstream });

    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());
  afterEach(resetClock);

  /** Links an account to a new person at a provider. */
  async function linked(provider: string, fake: FakeProvider) {
    const owner = await somebody(server);
    const person = newPerson();
    const binding = { provider: `upstream:${provider}`, externalId: person.sub, status: '1' };
    await server.domain.bindings.add(owner.id, binding);
    fake.issuer.person = person;
    return owner;
  }

  /** Whether a browser is signed in. */
  const isSignedIn = async (agent: BrowserAgent): Promise<boolean> =>
    (await flow.silently(agent)) !== 'login_required';

  for (const [provider, fake] of [
    ['google', () => google],
    ['apple', () => apple],
  ] as const) {
    it(`a victim's browser that is led to the response of an attacker is not signed in (${provider})`, async () => {
      await linked(provider, fake());
      const attacker = await flow.start();
      const response = await approve(await leave(attacker, provider));
      for (const victim of [new BrowserAgent(), (await flow.start()).agent]) {
        const shown = await comeBack(victim, response);
        expect([shown.status, shown.back]).to.deep.equal([400, undefined]);
        expect(await isSignedIn(victim)).to.equal(false);
      }
    });

    it(`an attacker's browser does not use the response that a victim got (${provider})`, async () => {
      await linked(provider, fake());
      const attacker = await flow.start();
      const sentToVictim = await leave(attacker, provider);
      const response = await approve(sentToVictim);
      const shown = await comeBack(new BrowserAgent(), response);
      expect(shown.status).to.equal(400);
      const state = sentToVictim.searchParams.get('state') ?? '';
      for (const path of [
        `/interaction/${attacker.uid}/upstream/return?state=${state}`,
        `/upstream/${provider}/callback?state=${state}`,
        `/upstream/${provider}/callback?state=${state}&posted=guess`,
        `/interaction/${attacker.uid}/upstream/return?state=${state}`,
      ])
        expect((await arrived(attacker.agent, await attacker.agent.follow(server.url + path))).back).to.equal(
          undefined,
        );
      expect(await isSignedIn(attacker.agent)).to.equal(false);
    });
  }

  it("planted cookies of an attacker's sign-in do not sign a victim in", async () => {
    await linked('google', google);
    const attacker = await flow.start();
    const response = await approve(await leave(attacker, 'google'));
    const victim = (await flow.start()).agent;
    for (const [name, { value, path }] of attacker.agent.cookies)
      if (/^(interaction|resume)(\.sig)?$/.test(name)) victim.setCookie(name, value, path);
    expect((await comeBack(victim, response)).back).to.equal(undefined);
    expect(await isSignedIn(victim)).to.equal(false);
  });

  it('a response works once', async () => {
    await linked('google', google);
    const begun = await flow.start();
    const response = await approve(await leave(begun, 'google'));
    const first = await comeBack(begun.agent, response);
    expect(first.back?.searchParams.get('code')).to.be.a('string');
    const second = await comeBack(begun.agent, response);
    expect(second.back).to.equal(undefined);
    expect(google.issuer.asked.filter((path) => path === '/token')).to.have.length.above(0);
  });

  it('a response is no response of another provider (mix-up)', async () => {
    await linked('google', google);
    const begun = await flow.start();
    const { address } = await approve(await leave(begun, 'google'));
    for (const provider of ['line', 'staff', 'apple']) {
      const mixed = await begun.agent.follow(address.replace('/google/', `/${provider}/`));
      expect(mixed.status, provider).to.equal(400);
    }
    expect(await isSignedIn(begun.agent)).to.equal(false);
  });

  it('a code of another sign-in is of no use (injection)', async () => {
    await linked('google', google);
    const stolen = new URL((await approve(await leave(await flow.start(), 'google'))).address);
    const begun = await flow.start();
    const own = new URL((await approve(await leave(begun, 'google'))).address);
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    const injected = await comeBack(begun.agent, { address: own.href });
    expect([injected.status, injected.step]).to.deep.equal([400, 'upstream/return']);
  });

  it('responses that are not valid are limited by address', async () => {
    await linked('google', google);
    google.issuer.mood = { claims: { nonce: 'other' } };
    let last: At | undefined;
    for (let tried = 0; tried < 101 && last?.status !== 429; tried += 1)
      last = await signInWith(flow, 'google');
    google.issuer.mood = {};
    expect(last?.status).to.equal(429);
    expect(last?.page).to.include(`/interaction/${last?.uid}/login"`);
    const { rows } = await server.database.knex.raw(
      `select details->>'limit' as "limit" from audit where event = 'sign_in.refused' and details->>'method' = 'upstream'`,
    );
    expect(rows).to.deep.equal([{ limit: 'upstream' }]);
    await moveClock(server.database, 3601);
    expect((await signInWith(flow, 'google')).back?.searchParams.get('code')).to.be.a('string');
  });

  it('a state that is missing, made up, doubled or over is refused', async () => {
    await linked('google', google);
    const begun = await flow.start();
    const { address } = await approve(await leave(begun, 'google'));
    const url = new URL(address);
    const { state = '', code = '' } = Object.fromEntries(url.searchParams);
    for (const query of [
      `code=${code}`,
      `code=${code}&state=made-up`,
      `code=${code}&state=${state}&state=${state}`,
    ])
      expect((await begun.agent.follow(`${server.url}/upstream/google/callback?${query}`)).status).to.equal(
        400,
      );
    await moveClock(server.database, 601);
    expect((await begun.agent.follow(address)).status).to.equal(400);
  });

  it('a transaction belongs to one sign-in of its browser', async () => {
    await linked('google', google);
    const one = await flow.start();
    const two = await flow.start({}, one.agent);
    const left = await leave(one, 'google');
    await one.agent.request((await approve(left)).address);
    const state = left.searchParams.get('state');
    const there = await one.agent.follow(
      `${server.url}/interaction/${two.uid}/upstream/return?state=${state}`,
    );
    expect((await arrived(one.agent, there)).back).to.equal(undefined);
  });

  it('an address that no trusted provider verified takes no account over', async () => {
    const owner = await somebody(server);
    const unverified: [string, FakeProvider, Record<string, unknown>][] = [
      ['google', google, { email_verified: false }],
      ['google', google, { email_verified: undefined }],
      ['line', line, { email_verified: true }],
      ['staff', staff, { email_verified: true }],
    ];
    for (const [provider, fake, more] of unverified) {
      fake.issuer.person = newPerson({ email: owner.email, ...more });
      const asked = await signInWith(flow, provider);
      // nor does any page reveal that the address has an account
      expect(asked.step, provider).to.equal('upstream/register');
      const form = await verifyMobile(server, flow, asked);
      const refused = await flow.send(form, 'upstream/register/details', identity({ email: owner.email }));
      expect([refused.status, refused.back]).to.deep.equal([409, undefined]);
      expect(await server.domain.bindings.list(owner.id)).to.deep.equal([]);
    }
  });

  it('an address is verified by its provider only as long as it stays as it is', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson();
    const form = await verifyMobile(server, flow, await signInWith(flow, 'google'));
    const changed = `changed-${owner.email}`;
    const end = await flow.send(form, 'upstream/register/details', identity({ email: changed }));
    const account = await server.domain.accounts.find(Number(claimsOf(await flow.tokens(end)).sub));
    expect(account?.contacts.find(({ kind }) => kind === 'email')).to.include({
      value: changed,
      verified: false,
    });
  });

  it('nobody registers in place of the owner of an address', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson({ email: owner.email });
    const stopped = await signInWith(flow, 'google');
    for (const step of ['upstream/register', 'upstream/register/details']) {
      const page = await stopped.agent.follow(`${server.url}/interaction/${stopped.uid}/${step}`);
      expect((await arrived(stopped.agent, page)).step, step).to.equal('upstream/link');
      const sent = await post(stopped, step, identity({ mobile: newMobile() }));
      expect(sent.headers.get('location'), step).to.include('/upstream/link');
    }
  });

  it('a person is linked only with the account of the same sign-in and browser', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson();
    const asked = await signInWith(flow, 'google');
    const page = await (
      await asked.agent.follow(`${server.url}/interaction/${asked.uid}/upstream/link`)
    ).text();
    await flow.send({ ...asked, page }, 'upstream/link', {});
    // another sign-in of the browser, and the same account in another browser
    const elsewhere = [await flow.start({ prompt: 'login' }, asked.agent), await flow.start()];
    for (const at of elsewhere) await flow.password(at, owner.email);
    expect(await server.domain.bindings.list(owner.id)).to.deep.equal([]);
  });

  it('a password alone does not link where the account has a second factor', async () => {
    const owner = await somebody(server);
    const app = await enrolApp(server.domain, owner.id);
    google.issuer.person = newPerson({ email: owner.email });
    const login = await flow.send(await signInWith(flow, 'google'), 'upstream/link', {});
    const second = await flow.send(login, 'login', { login: owner.email, password: PASSWORD });
    expect(second.step).to.equal('second-factor');
    expect(await server.domain.bindings.list(owner.id)).to.deep.equal([]);
    await flow.second(second, app.code());
    expect((await server.domain.bindings.list(owner.id)).map(({ provider }) => provider)).to.deep.equal([
      'upstream:google',
    ]);
  });

  it('another provider is no second factor', async () => {
    const owner = await linked('google', google);
    const app = await enrolApp(server.domain, owner.id);
    const second = await flow.password(await flow.start({ identity_provider: 'elsewhere' }), owner.email);
    expect(second.step).to.equal('second-factor');
    expect((await leave(second, 'google')).href).to.equal(`${server.url}/interaction/${second.uid}`);
    // nor does a redirect to the provider that started before the first factor
    const begun = await flow.start();
    const response = await approve(await leave(begun, 'google'));
    await flow.password(begun, owner.email);
    const back = await comeBack(begun.agent, response);
    expect([back.step, back.back]).to.deep.equal(['second-factor', undefined]);
    const { amr } = claimsOf(await flow.tokens(await flow.second(back, app.code())));
    expect(amr).to.deep.equal(['pwd', 'otp', 'mfa']);
  });

  it('forms need the token of their page', async () => {
    const begun = await flow.start();
    for (const step of ['upstream', 'upstream/link', 'upstream/forget', 'upstream/register/details']) {
      const sent = await post({ ...begun, page: '' }, step, { identity_provider: 'google' });
      expect([303, 403], step).to.include(sent.status);
      expect(sent.headers.get('location') ?? '', step).to.not.include(google.issuer.url);
    }
  });

  it('a stranger who requests another code for the mobile ends no registration', async () => {
    line.issuer.person = newPerson();
    const mobile = newMobile();
    const form = await verifyMobile(server, flow, await signInWith(flow, 'line'), mobile);
    await moveClock(server.database, 61);
    const stranger = new BrowserAgent();
    await stranger.submit(
      '/register',
      { mobile },
      await (await stranger.follow(`${server.url}/register`)).text(),
    );
    const again = await flow.send(form, 'upstream/register/details', identity());
    expect([again.status, /name="code"/.test(again.page)]).to.deep.equal([400, true]);
    const verified = await flow.send(again, 'upstream/register/code', { code: await codeTo(server, mobile) });
    expect(verified.step, verified.page).to.equal('upstream/register/details');
    const end = await flow.send(verified, 'upstream/register/details', identity());
    expect(end.back?.searchParams.get('code')).to.be.a('string');
  });
});
