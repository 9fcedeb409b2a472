import { expect } from 'chai';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { begin, newClient, post } from './interaction-steps.ts';

const MARKUP = '"><script>alert(1)</script>';
const ESCAPED = '&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';

const alerts = (page: string): string[] =>
  [...page.matchAll(/<li id="error-\d">(?:<a[^>]*>)?([^<]+)/g)].map(([, words = '']) => words);

describe('the login page', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const english = { ui_locales: 'en' };

  it('answers a right password with 303', async () => {
    const begun = await begin(server);
    const answer = await post(begun, 'login', { ...SOMCHAI, login: ' +66 81-234-5678 ' });
    expect(answer.status).to.equal(303);
    expect(new URL(answer.headers.get('location') ?? '', server.url).pathname).to.equal(
      `/oauth/authorize/${begun.uid}`,
    );
  });

  it('answers a wrong one with 400 and the form, with the name and without the password', async () => {
    const begun = await begin(server, english);
    const answer = await post(begun, 'login', { login: 'nobody@example.com', password: 'wrong-password' });
    expect(answer.status).to.equal(400);
    const page = await answer.text();
    expect(alerts(page)).to.deep.equal(['The mobile number, e-mail address or password is wrong.']);
    expect(page).to.include('value="nobody@example.com"').and.not.include('wrong-password');
    expect(page).to.include('<title>Error: Sign in · Pratu</title>');
  });

  it('asks for what is missing', async () => {
    const begun = await begin(server, english);
    const both = await post(begun, 'login', { login: ' ', password: '' });
    expect(both.status).to.equal(400);
    expect(alerts(await both.text())).to.deep.equal([
      'Enter your mobile number or e-mail address.',
      'Enter your password.',
    ]);
    const nothing = await post(begun, 'login');
    expect(nothing.status).to.equal(400);
  });

  it('answers 429 with the time to wait when the attempts are used up, also to the right password', async () => {
    const strict = await startServer({ attempts: { perAccount: 2, windowSeconds: 60 } });
    const login = 'tried-too-often@example.com';
    await strict.domain.lifecycle.create({
      password: SOMCHAI.password,
      contacts: [{ kind: 'email', value: login, verified: true }],
    });
    const begun = await begin(strict, english);
    for (let tries = 0; tries < 2; tries += 1) {
      expect((await post(begun, 'login', { login, password: 'wrong-password' })).status).to.equal(400);
    }
    const answer = await post(begun, 'login', { login, password: SOMCHAI.password });
    expect(answer.status).to.equal(429);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60);
    expect(alerts(await answer.text()).join()).to.match(/^Please wait \d+ seconds and try again\.$/);
    await strict.stop();
  });

  it('refuses other bodies than a form', async () => {
    const begun = await begin(server);
    const answer = await begun.agent.request(`/interaction/${begun.uid}/login`, {
      method: 'POST',
      body: JSON.stringify(SOMCHAI),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).to.equal(415);
  });

  it('fills in the login_hint, escaped', async () => {
    expect((await begin(server, { login_hint: 'somchai@example.com' })).page).to.include(
      'value="somchai@example.com"',
    );
    const { page } = await begin(server, { login_hint: MARKUP });
    expect(page).to.include(`value="${ESCAPED}"`).and.not.include('<script>');
  });

  it('escapes a name that was typed, and the name of the client', async () => {
    const { id } = await newClient(server, MARKUP);
    const begun = await begin(server, { client_id: id, ...english });
    expect(begun.page).to.include(`to continue to ${ESCAPED}`).and.not.include('<script>');
    const failed = await (await post(begun, 'login', { login: MARKUP, password: 'x' })).text();
    expect(failed).to.include(`value="${ESCAPED}"`).and.not.include('<script>');
  });

  it('cannot be broken by ui_locales', async () => {
    const { page } = await begin(server, { ui_locales: `${MARKUP} th" onload="alert(1)` });
    expect(page)
      .to.include('<html lang="th">')
      .and.not.match(/<script>|onload/);
  });

  it('asks a person who is signed in to confirm that it is them', async () => {
    const begun = await begin(server, english);
    const answer = await post(begun, 'login', SOMCHAI);
    await begun.agent.follow(answer.headers.get('location') ?? '');
    const { page } = await begin(server, { prompt: 'login', ...english }, begun.agent);
    expect(page).to.include('please confirm that it is you').and.include('name="password"');
  });

  it('remembers the device with a cookie that scripts do not see', async () => {
    const answer = await post(await begin(server), 'login', SOMCHAI);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('device='));
    expect(cookie).to.match(/^device=[\w-]{22}; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
  });
});
