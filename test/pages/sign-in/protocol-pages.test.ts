import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, SOMCHAI, signInOnPages } from '../../support/sign-in.ts';
import { begin, post } from '../interaction-steps.ts';

const MARKUP = '"><script>alert(1)</script>';

/** Expects the headers that every HTML response must have, whichever part of the server made it. */
function expectGuarded(answer: Response, what: string): void {
  const { headers } = answer;
  const policy = headers.get('content-security-policy') ?? '';
  expect(headers.get('content-type'), what).to.equal('text/html; charset=utf-8');
  expect(policy, what)
    .to.include("default-src 'none'")
    .and.match(/frame-ancestors 'none'/);
  expect(policy, what).to.not.match(/unsafe|form-action|\*/);
  expect(headers.get('x-frame-options'), what).to.equal('DENY');
  expect(headers.get('x-content-type-options'), what).to.equal('nosniff');
  expect(headers.get('referrer-policy'), what).to.equal('no-referrer');
  expect(headers.get('cache-control'), what).to.match(/no-store/);
}

describe('the pages of the protocol', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const xsrfOf = (page: string): string => /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

  async function signedIn(): Promise<BrowserAgent> {
    const agent = new BrowserAgent();
    await signInOnPages(agent, authorizationUrl(server.url, pkce().challenge));
    return agent;
  }

  it('cannot be framed, and run no script but known ones', async () => {
    const anybody = new BrowserAgent();
    const begun = await begin(server);
    const somebody = await signedIn();
    const formPost = authorizationUrl(server.url, pkce().challenge, { response_mode: 'form_post' });
    const at = server.url;
    const answers: Record<string, () => Promise<Response>> = {
      home: () => anybody.request(`${server.url}/`),
      outbox: () => anybody.request(`${at}/dev/outbox`),
      login: () => begun.agent.request(`/interaction/${begun.uid}`),
      'failed login': () => post(begun, 'login'),
      'forged form': () => post(begun, 'login', { csrf: 'x' }),
      'no interaction': () => anybody.request(`${at}/interaction/none`),
      'not found': () => anybody.request(`${at}/nothing`),
      'wrong method': () => anybody.request(`${at}/oauth/authorize`, { method: 'DELETE' }),
      'unknown client': () => anybody.request(`${at}/oauth/authorize?client_id=unknown`),
      'form_post of a code': () => somebody.request(formPost),
      'form_post of an error': () => anybody.request(`${formPost}&prompt=none`),
      logout: () => somebody.request(`${at}/oauth/logout`),
      'logout of nobody': () => anybody.request(`${at}/oauth/logout`),
      'logout without its token': () =>
        anybody.request(`${at}/oauth/logout/confirm`, {
          method: 'POST',
          body: new URLSearchParams({ logout: 'yes' }),
        }),
      'signed out': () => anybody.request(`${at}/oauth/logout/success`),
      device: () => anybody.request(`${at}/device`),
      'device with its code': () => anybody.request(`${at}/device?user_code=ABCD-EFGH`),
      'device without its token': () =>
        anybody.request(`${at}/device`, {
          method: 'POST',
          body: new URLSearchParams({ user_code: 'x' }),
        }),
    };
    for (const [what, asked] of Object.entries(answers)) expectGuarded(await asked(), what);
  });

  it('ask before they sign anyone out', async () => {
    const agent = await signedIn();
    const asked = await agent.request(`${server.url}/oauth/logout?ui_locales=en`);
    expect(asked.status).to.equal(200);
    const page = await asked.text();
    expect(page).to.include('Sign out?');
    const isSignedIn = async (): Promise<boolean> => {
      const answer = await agent.request(authorizationUrl(server.url, pkce().challenge, { prompt: 'none' }));
      return !answer.headers.get('location')?.includes('login_required');
    };

    const confirm = (fields: Record<string, string>): Promise<Response> =>
      agent.request('/oauth/logout/confirm', { method: 'POST', body: new URLSearchParams(fields) });
    expect((await confirm({ logout: 'yes' })).status).to.equal(400);
    expect((await confirm({ logout: 'yes', xsrf: 'wrong' })).status).to.equal(400);
    expect(await isSignedIn()).to.equal(true);

    const done = await confirm({ logout: 'yes', xsrf: xsrfOf(page) });
    expect(done.status).to.equal(303);
    expect(await isSignedIn()).to.equal(false);
    const goodbye = await agent.request(done.headers.get('location') ?? '');
    expect(goodbye.status).to.equal(200);
    expect(await goodbye.text()).to.include('class="outcome done"');
  });

  it('take someone who signs in as another person on, in the reader’s language and without a script', async () => {
    const agent = await signedIn();
    const person = { login: `${randomHex()}@example.com`, password: 'correct-horse-battery' };
    const { id } = await server.domain.lifecycle.create({
      password: person.password,
      contacts: [{ kind: 'email', value: person.login, verified: true }],
    });
    const request = authorizationUrl(server.url, pkce().challenge, { prompt: 'login', ui_locales: 'en' });
    const form = await (await agent.follow(request)).text();
    const uid = /\/interaction\/([\w-]+)\//.exec(form)?.[1];
    const between = await agent.submit(`/interaction/${uid}/login`, person, form);
    expectGuarded(between, 'the page between');
    const page = await between.text();
    expect(page).to.include('<html lang="en">').and.include('data-forward').and.include('One moment');
    expect(page).to.include(`action="${server.url}/oauth/logout/confirm"`).and.include('class="primary"');
    const consent = await (await agent.submit('/oauth/logout/confirm', {}, page)).text();
    const allow = /action="(\/interaction\/[\w-]+\/consent)"/.exec(consent)?.[1] ?? '';
    const back = await agent.submit(allow, {}, consent);
    expect(back.headers.get('location')).to.match(/^http:\/\/localhost:8080\/cb\?code=/);
    const own = await agent.request(`${server.url}/account?lang=en`);
    expect(await own.text(), String(id)).to.include(person.login);
  });

  it('let a person stay signed in', async () => {
    const agent = await signedIn();
    const page = await (await agent.request(`${server.url}/oauth/logout`)).text();
    const body = new URLSearchParams({ xsrf: xsrfOf(page) });
    const answer = await agent.request('/oauth/logout/confirm', { method: 'POST', body });
    expect(answer.status).to.equal(303);
    const again = await (await agent.request(`${server.url}/oauth/logout?ui_locales=en`)).text();
    expect(again).to.include('Sign out?');
  });

  it('answer a wrong device code with 400 and the form', async () => {
    const agent = new BrowserAgent();
    const page = await (await agent.request(`${server.url}/device`)).text();
    const send = (code: string): Promise<Response> => agent.submit('/device', { user_code: code }, page);
    const wrong = await send(MARKUP);
    expect(wrong.status).to.equal(400);
    const shown = await wrong.text();
    expect(shown).to.include('aria-invalid="true"').and.include('name="xsrf"').and.not.include('<script>');
    expect((await send('')).status).to.equal(400);
  });

  for (const path of [
    `/oauth/authorize?client_id=${encodeURIComponent(MARKUP)}`,
    `/oauth/authorize?client_id=spa&redirect_uri=${encodeURIComponent(MARKUP)}`,
    `/oauth/logout?post_logout_redirect_uri=x&id_token_hint=${encodeURIComponent(MARKUP)}`,
    `/nothing/${encodeURIComponent(MARKUP)}?lang=${encodeURIComponent(MARKUP)}`,
    `/interaction/${encodeURIComponent(MARKUP)}`,
    `/device?user_code=${encodeURIComponent(MARKUP)}`,
  ]) {
    it(`escape what comes with ${path.slice(0, 40)}…`, async () => {
      const answer = await new BrowserAgent().request(server.url + path);
      expect(await answer.text()).to.not.include('<script>alert');
    });
  }

  it('escape the state that a form post carries back', async () => {
    const request = { response_mode: 'form_post', prompt: 'none', state: MARKUP };
    const answer = await new BrowserAgent().request(authorizationUrl(server.url, pkce().challenge, request));
    expect(answer.status).to.equal(400);
    const page = await answer.text();
    expect(page).to.include('name="error" value="login_required"').and.not.include('<script>alert');
  });

  it('speak the language of the reader, and name the request', async () => {
    const answer = await new BrowserAgent().request(`${server.url}/oauth/authorize?client_id=unknown`, {
      headers: { 'accept-language': 'en' },
    });
    expect(answer.status).to.equal(400);
    const page = await answer.text();
    expect(page).to.include('Unknown application').and.include('invalid_client (400)');
    expect(page).to.include(`<code>${answer.headers.get('x-request-id')}</code>`);
  });

  it('end in the error page when a wrong password is sent for a sign-in that no longer exists', async () => {
    const begun = await begin(server);
    const answer = await post({ ...begun, uid: 'gone' }, 'login', SOMCHAI);
    expect(answer.status).to.equal(400);
  });
});
