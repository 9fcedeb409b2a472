import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const HOME = 'https://rp.example/out';
const STATE = '0123456789-._~'.repeat(10).slice(0, 128);

describe('logout', () => {
  let server: TestServer;
  let client: TestClient;
  let agent: BrowserAgent;
  let idToken: string;

  before(async () => {
    server = await testServer();
    client = await createClient(server, { post_logout_redirect_uris: [HOME] });
  });

  beforeEach(async () => {
    agent = new BrowserAgent();
    const { body } = await redeem(server, client, await authorize(server, client, {}, agent));
    idToken = body.id_token ?? '';
  });

  const open = (params: Record<string, string>): Promise<Response> =>
    agent.follow(`${server.url}/oauth/logout?${new URLSearchParams(params)}`);

  const confirm = async (answer: Response, fields: Record<string, string> = { logout: 'yes' }) =>
    agent.submit('/oauth/logout/confirm', fields, await answer.text());

  async function isSignedIn(): Promise<boolean> {
    const answer = await agent.follow(requestUrl(server, client, { prompt: 'none' }));
    const { searchParams } = new URL(answer.headers.get('location') ?? '');
    if (!searchParams.has('code')) expect(searchParams.get('error')).to.equal('login_required');
    return searchParams.has('code');
  }

  for (const [name, state] of [
    ['with its exact state', { state: STATE }],
    ['without one', {}],
  ] as const) {
    it(`ends at the client, ${name}, and nothing else`, async () => {
      const asked = await open({ id_token_hint: idToken, post_logout_redirect_uri: HOME, ...state });
      expect(asked.status).to.equal(200);
      const back = new URL((await confirm(asked)).headers.get('location') ?? '');
      expect(`${back.origin}${back.pathname}`).to.equal(HOME);
      expect(Object.fromEntries(back.searchParams)).to.deep.equal(state);
      expect(await isSignedIn()).to.equal(false);
    });
  }

  for (const [name, params] of Object.entries<Record<string, string>>({
    nothing: {},
    'a state only': { state: STATE },
  })) {
    it(`asks when it is given ${name}, and ends here`, async () => {
      const asked = await open(params);
      expect(asked.status).to.equal(200);
      const done = await confirm(asked);
      expect([done.status, done.headers.get('location')]).to.deep.equal([200, null]);
      expect(agent.location).to.include('/oauth/logout/success');
      expect(await isSignedIn()).to.equal(false);
    });
  }

  it('asks with a hint alone, and ends here', async () => {
    const done = await confirm(await open({ id_token_hint: idToken }));
    expect([done.status, done.headers.get('location')]).to.deep.equal([200, null]);
    expect(await isSignedIn()).to.equal(false);
  });

  it('lets a person stay', async () => {
    await confirm(await open({ id_token_hint: idToken }), {});
    expect(await isSignedIn()).to.equal(true);
  });

  const unsigned = (): string =>
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${idToken.split('.')[1]}.`;
  const refusals: [string, () => Record<string, string>][] = [
    ['an address that is not registered', () => ({ post_logout_redirect_uri: 'https://rp.example/other' })],
    ['a registered address with a query', () => ({ post_logout_redirect_uri: `${HOME}?added=1` })],
    ['an unsigned hint', () => ({ id_token_hint: unsigned() })],
    ['a hint that is none', () => ({ id_token_hint: 'nothing' })],
    ['another client’s id', () => ({ client_id: 'client' })],
  ];
  for (const [name, params] of refusals) {
    it(`never leads away for ${name}`, async () => {
      const answer = await open({ id_token_hint: idToken, post_logout_redirect_uri: HOME, ...params() });
      expect(answer.status).to.equal(400);
      expect(answer.headers.get('location')).to.equal(null);
      expect(answer.headers.get('content-type')).to.match(/^text\/html/);
      expect(await isSignedIn()).to.equal(true);
    });
  }

  it('never leads away without a hint', async () => {
    const answer = await open({ post_logout_redirect_uri: HOME });
    const done = answer.status === 200 ? await confirm(answer) : answer;
    expect(done.headers.get('location')).to.equal(null);
  });

  it('is not done by a form of another site', async () => {
    await open({});
    for (const xsrf of ['', 'guessed']) {
      const answer = await agent.request(`${server.url}/oauth/logout/confirm`, {
        method: 'POST',
        body: new URLSearchParams({ logout: 'yes', xsrf }),
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      });
      expect(answer.status).to.equal(400);
    }
    expect(await isSignedIn()).to.equal(true);
  });

  it('takes a POST from the client, which comes without cookies, as a GET that has them', async () => {
    const answer = await fetch(`${server.url}/oauth/logout`, {
      method: 'POST',
      body: new URLSearchParams({ id_token_hint: idToken, state: 's' }),
      redirect: 'manual',
      headers: { origin: 'https://rp.example' },
    });
    expect(answer.status).to.equal(303);
    const next = new URL(answer.headers.get('location') ?? '', server.url);
    expect(next.pathname).to.equal('/oauth/logout');
    expect(Object.fromEntries(next.searchParams)).to.deep.equal({ id_token_hint: idToken, state: 's' });
    await confirm(await agent.follow(next.href));
    expect(await isSignedIn()).to.equal(false);
  });

  it('leaves a copied cookie worthless', async () => {
    const copy = new BrowserAgent();
    for (const [name, { value, path }] of agent.cookies) copy.setCookie(name, value, path);
    await confirm(await open({}));
    const answer = await copy.follow(requestUrl(server, client, { prompt: 'none' }));
    expect(answer.headers.get('location')).to.include('error=login_required');
  });
});
