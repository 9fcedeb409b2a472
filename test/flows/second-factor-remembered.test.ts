import { expect } from 'chai';
import { somebody } from '../pages/account/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { sentSteps } from './sent-steps.ts';
import { claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const MFA = 'urn:pratu:acr:mfa';
const BY_PASSWORD = 'urn:pratu:acr:password';
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

describe('"Don\'t ask again on this device"', () => {
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());

  /** A browser that is remembered for the account, whose session has ended. */
  async function rememberedBrowser() {
    const person = await owner(server);
    const agent = new BrowserAgent();
    const done = await flow.second(await flow.toSecond(person, {}, agent), person.app.code(), {
      remember: 'yes',
    });
    expect(done.back?.searchParams.get('code')).to.be.a('string');
    return { person, agent };
  }
  const again = (person: { email: string }, agent: BrowserAgent, more = {}) =>
    flow.toSecond(person, { prompt: 'login', ...more }, agent);

  it('asks for the password alone, and says so to the client', async () => {
    const { person, agent } = await rememberedBrowser();
    const claims = claimsOf(await flow.tokens(await again(person, agent)));
    expect(claims).to.include({ acr: BY_PASSWORD });
    expect(claims.amr).to.deep.equal(['pwd']);
  });

  it('does not count for a client that wants two factors', async () => {
    const { person, agent } = await rememberedBrowser();
    expect((await again(person, agent, { acr_values: MFA })).step).to.equal('second-factor');
    expect((await again(person, agent, essential(MFA))).step).to.equal('second-factor');
  });

  it('is not remembered unless the box is ticked', async () => {
    const { email, app } = await owner(server);
    const agent = new BrowserAgent();
    await flow.second(await flow.toSecond({ email }, {}, agent), app.code());
    expect((await again({ email }, agent)).step).to.equal('second-factor');
  });

  it('is not offered where the deployment sets no days, and not remembered by a stale form', async () => {
    const never = await startServer({ secondFactor: { rememberDays: 0 } });
    try {
      const { email, app } = await owner(never);
      const theirs = twoSteps(never, await firstParty(never));
      const agent = new BrowserAgent();
      const asked = await theirs.toSecond({ email }, {}, agent);
      expect(asked.page).to.not.include('name="remember"');
      const done = await theirs.second(asked, app.code(), { remember: 'yes' });
      expect(done.back?.searchParams.get('code')).to.be.a('string');
      expect((await theirs.toSecond({ email }, { prompt: 'login' }, agent)).step).to.equal('second-factor');
    } finally {
      await never.stop();
    }
  });

  it('is not remembered for a code that only the client wanted, whatever the form says', async () => {
    const person = await somebody(server);
    const agent = new BrowserAgent();
    const asked = await flow.toSecond(person, { acr_values: MFA }, agent);
    expect(asked.page).to.not.include('name="remember"');
    const done = await sentSteps(server, flow).bySent(asked, person, 'sms', { remember: 'yes' });
    expect(done.back?.searchParams.get('code')).to.be.a('string');
    await enrolApp(server.domain, person.id);
    expect((await again(person, agent)).step).to.equal('second-factor');
  });

  it('applies to the account, not to other accounts in the same browser', async () => {
    const { agent } = await rememberedBrowser();
    expect((await again(await owner(server), agent)).step).to.equal('second-factor');
  });

  it('is worth nothing in another browser', async () => {
    const { person, agent } = await rememberedBrowser();
    const thief = new BrowserAgent();
    const stolen = [...agent.cookies].filter(([name]) => name.includes('second_factor'));
    expect(stolen).to.have.length(1);
    for (const [name, { value, path }] of stolen) thief.setCookie(name, value, path);
    expect((await again(person, thief)).step).to.equal('second-factor');
  });

  it('cannot be changed into that of another account', async () => {
    const { agent } = await rememberedBrowser();
    const victim = await owner(server);
    for (const [name, { value, path }] of [...agent.cookies].filter(([one]) => one.includes('second_factor')))
      for (const forged of [
        value.slice(0, -2),
        Buffer.from(JSON.stringify({ [victim.id]: 0 })).toString('base64url'),
      ]) {
        agent.setCookie(name, forged, path);
        expect((await again(victim, agent)).step).to.equal('second-factor');
      }
  });

  it('ends after thirty days', async () => {
    const { person, agent } = await rememberedBrowser();
    await moveClock(server.database, 30 * 86_400 + 60);
    expect((await again(person, agent)).step).to.equal('second-factor');
  });

  it('ends with "sign out everywhere"', async () => {
    const { person, agent } = await rememberedBrowser();
    await server.domain.lifecycle.signOutEverywhere(person.id);
    expect((await again(person, agent)).step).to.equal('second-factor');
  });

  it('ends with a new password', async () => {
    const { person, agent } = await rememberedBrowser();
    const { generation = 0 } = (await server.domain.accounts.find(person.id)) ?? {};
    await server.domain.passwordChange.change({
      accountId: person.id,
      next: 'another-horse-battery',
      preservedSession: { generation },
    });
    const asked = await flow.send(await flow.start({ prompt: 'login' }, agent), 'login', {
      login: person.email,
      password: 'another-horse-battery',
    });
    expect(asked.step).to.equal('second-factor');
  });
});
