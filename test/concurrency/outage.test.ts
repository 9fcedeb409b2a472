import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, tokensByPassword } from '../support/sign-in.ts';
import { withoutDatabase } from './broken-database.ts';
import { type FreshServer, freshServer } from './fresh-server.ts';
import { type Code, newCode, redeem, refresh } from './requests.ts';

describe('an outage of the database', () => {
  const agent = new BrowserAgent();
  let server: FreshServer;
  let code: Code;
  let accessToken: string;
  let refreshToken: string;

  before(async () => {
    server = await freshServer();
    const tokens = await tokensByPassword(server.url, { scope: 'openid email' });
    accessToken = tokens.access_token;
    code = await newCode(server.url, agent, { scope: 'openid offline_access', prompt: 'consent' });
    const first = await redeem(server.url, code);
    refreshToken = first.body.refresh_token ?? '';
    code = await newCode(server.url, agent);
  });

  after(() => server.leave());

  /** Every endpoint for programs, with a request that would succeed. */
  const requests = (): [path: string, fields: Record<string, string> | undefined, auth?: string][] => [
    ['/oauth/token', { grant_type: 'client_credentials' }, `Basic ${btoa('service:service-secret')}`],
    [
      '/oauth/token',
      { grant_type: 'password', username: '0812345678', password: 'correct-horse-battery' },
      BASIC_CLIENT,
    ],
    ['/oauth/token', { grant_type: 'refresh_token', client_id: 'spa', refresh_token: refreshToken }],
    [
      '/oauth/token',
      {
        grant_type: 'authorization_code',
        client_id: 'spa',
        code: code.code,
        code_verifier: code.verifier,
        redirect_uri: 'http://localhost:8080/cb',
      },
    ],
    ['/oauth/introspect', { token: accessToken }, BASIC_CLIENT],
    ['/oauth/revoke', { token: accessToken }, BASIC_CLIENT],
    [
      '/oauth/par',
      {
        client_id: 'spa',
        response_type: 'code',
        redirect_uri: 'http://localhost:8080/cb',
        code_challenge: pkce().challenge,
        code_challenge_method: 'S256',
      },
    ],
    ['/oauth/userinfo', undefined, `Bearer ${accessToken}`],
    ['/oauth/register', {}, 'Bearer some-initial-access-token'],
    ['/oauth/register/client', undefined, 'Bearer some-registration-token'],
  ];

  const send = (path: string, fields: Record<string, string> | undefined, authorization?: string) =>
    fetch(`${server.url}${path}`, {
      method: fields ? 'POST' : 'GET',
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(path === '/oauth/register' ? { 'content-type': 'application/json' } : {}),
      },
      ...(fields
        ? { body: path === '/oauth/register' ? JSON.stringify(fields) : new URLSearchParams(fields) }
        : {}),
    });

  for (const remembered of [true, false]) {
    it(`is 503 to programs, ${remembered ? 'also' : 'not least'} when clients are ${remembered ? '' : 'not '}remembered`, async () => {
      for (const [path, fields, authorization] of requests()) {
        if (!remembered) server.domain.clientCache.clear();
        const answer = await withoutDatabase(() => send(path, fields, authorization));
        const what = `${path} ${fields?.grant_type ?? ''}`;
        expect(answer.status, what).to.equal(503);
        expect(Number(answer.headers.get('retry-after')), what).to.be.at.least(1);
        expect(answer.headers.get('content-type'), what).to.match(/^application\/json/);
        expect(await answer.json(), what).to.include({ error: 'temporarily_unavailable' });
      }
    });
  }

  it('is a page to a browser', async () => {
    const url = authorizationUrl(server.url, pkce().challenge);
    for (const address of [url, `${server.url}/oauth/logout`, `${server.url}/device?user_code=ABCD-EFGH`]) {
      server.domain.clientCache.clear();
      const answer = await withoutDatabase(() => agent.request(address));
      expect(answer.status, address).to.equal(503);
      expect(answer.headers.get('location'), address).to.equal(null);
      expect(answer.headers.get('retry-after'), address).to.match(/^[1-9]/);
      expect(answer.headers.get('content-type'), address).to.match(/^text\/html/);
    }
  });

  it('is reported to the load balancer and not to the supervisor', async () => {
    const [ready, live] = await withoutDatabase(() =>
      Promise.all(['/ready', '/live'].map((path) => fetch(`${server.url}${path}`))),
    );
    expect(ready?.status).to.equal(503);
    expect(live?.status).to.equal(200);
    expect((await fetch(`${server.url}/ready`)).status).to.equal(200);
  });

  it('has used up and revoked nothing', async () => {
    expect((await redeem(server.url, code)).status).to.equal(200);
    expect((await refresh(server.url, refreshToken)).status).to.equal(200);
    const answer = await send('/oauth/userinfo', undefined, `Bearer ${accessToken}`);
    expect(answer.status).to.equal(200);
  });
});
