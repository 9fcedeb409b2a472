import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf, silently } from '../interaction-steps.ts';
import { PASSWORD, signInToAccount, somebody } from './visitor.ts';

describe('coming to the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  it('leads someone who is not signed in through a sign-in and back to the page asked for', async () => {
    const person = await somebody(server);
    const first = await person.open('/account?lang=en');
    expect(first.status).to.equal(303);
    const request = new URL(first.next);
    expect(request.pathname).to.equal('/oauth/authorize');
    expect(Object.fromEntries(request.searchParams)).to.include({
      client_id: 'account',
      response_type: 'code',
      redirect_uri: `${server.url}/account/callback`,
      ui_locales: 'en',
    });
    expect(request.searchParams.get('state')).to.not.include('account');
    const answer = await signInToAccount(person.agent, `${server.url}/account?lang=en`, {
      login: person.email,
      password: PASSWORD,
    });
    expect(answer.status).to.equal(200);
    expect(person.agent.location).to.equal(`${server.url}/account?lang=en`);
    expect(await answer.text()).to.include('<h1>My account</h1>');
    expect((await person.open('/account')).status).to.equal(200);
  });

  it('sends no one who is signed in to a sign-in', async () => {
    const person = await (await somebody(server)).signIn();
    expect(await silently(server, person.agent)).to.equal('consent_required');
    expect((await person.open('/account')).status).to.equal(200);
  });

  it('recognises no account that was suspended or signed out everywhere', async () => {
    const [suspended, signedOut] = [await somebody(server), await somebody(server)];
    await suspended.signIn();
    await signedOut.signIn();
    await server.domain.lifecycle.suspend(suspended.id);
    await server.domain.lifecycle.signOutEverywhere(signedOut.id);
    expect((await suspended.open('/account')).status).to.equal(303);
    expect((await signedOut.open('/account')).status).to.equal(303);
  });

  it('shows nothing of another account', async () => {
    const [one, other] = [await (await somebody(server)).signIn(), await somebody(server)];
    const { page } = await one.open('/account');
    expect(page).to.include(one.email).and.not.include(other.email);
  });

  it('returns to the first page only when the state does not belong to this browser', async () => {
    const [one, other] = [await (await somebody(server)).signIn(), await (await somebody(server)).signIn()];
    const theirs = new URL(
      (await new BrowserAgent().request(`${server.url}/account`)).headers.get('location')!,
    );
    const state = theirs.searchParams.get('state') ?? '';
    for (const tried of [`state=${state}`, 'state=', 'state=https://evil.example', 'state=a&state=b', '']) {
      const { status, next } = await one.open(`/account/callback?code=x&${tried}`);
      expect([status, next], tried).to.deep.equal([303, '/account']);
    }
    expect((await other.open('/account')).status).to.equal(200);
  });

  it('takes no form that was shown to someone else at the same browser', async () => {
    const first = await (await somebody(server)).signIn();
    const { page } = await first.open('/account/email');
    const second = await somebody(server);
    // one browser: its form signatures stay valid for it when another person signs in
    const browser = first.agent.cookies.get('csrf')?.value ?? '';
    second.agent.setCookie('csrf', browser);
    await second.signIn();
    expect(second.agent.cookies.get('csrf')?.value).to.equal(browser);
    const stale = await second.send('/account/email/withdraw', {}, { csrf: csrfOf(page) });
    expect(stale.status).to.equal(403);
    const own = await second.send('/account/email/withdraw', {}, { on: '/account/email' });
    expect(own.status).to.equal(303);
  });

  it('takes Cancel for an answer', async () => {
    const person = await somebody(server);
    const cancelled = await person.open('/account/callback?error=access_denied&lang=en');
    expect(cancelled.status).to.equal(200);
    expect(cancelled.page).to.include('You have been signed out');
    await person.signIn();
    const { status, next } = await person.open('/account/callback?error=access_denied');
    expect([status, next]).to.deep.equal([303, '/account']);
    expect((await person.open('/account/callback?error=server_error')).status).to.equal(400);
  });

  it('comes back to the issuer that it left, of two on one database', async () => {
    const other = await startServer();
    for (const one of [other, server]) {
      const person = await (await somebody(one)).signIn();
      expect((await person.open('/account')).status).to.equal(200);
    }
    await other.stop();
  });

  it('ends with the session', async () => {
    const person = await (await somebody(server)).signIn();
    await moveClock(server.database, server.config.tokens.sessionIdle + 1);
    expect((await person.open('/account')).status).to.equal(303);
  });
});
