import { expect } from 'chai';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { pkce } from '../support/sign-in.ts';
import { App, appClient, type Challenged } from './app-steps.ts';

const PATH = '/oauth/authorize-challenge';

describe('requests that begin a sign-in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));
  const errorOf = ({ body }: Challenged): string | undefined => body.error;

  it('get no scope beyond the registration, and none in a later step', async () => {
    const [app, person] = [await newApp({ scope: 'openid' }), await somebody(server)];
    expect(errorOf(await app.begin(person.email, { scope: 'openid global' }))).to.equal('invalid_scope');
    const wide = await newApp({ scope: 'openid email' });
    const begun = await wide.begin(person.email);
    const finished = await wide.step(begun, {
      ...{ password: PASSWORD, scope: 'openid email', nonce: 'late', code_challenge: pkce().challenge },
      claims: JSON.stringify({ id_token: { email: null } }),
    });
    const { scope, id_token = '' } = await wide.tokens(finished);
    expect(scope).to.equal('openid');
    const claims = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).to.not.have.any.keys('email', 'nonce');
  });

  it('cannot leave PKCE out, nor weaken it', async () => {
    const app = await newApp();
    for (const more of [
      { code_challenge: undefined },
      { code_challenge_method: 'plain' },
      { code_challenge: 'short' },
      { code_challenge: `${'a'.repeat(42)}!` },
    ])
      expect(errorOf(await app.begin('x', more)), JSON.stringify(more)).to.equal('invalid_request');
  });

  it('cannot ask in another way', async () => {
    const app = await newApp();
    for (const [more, error] of [
      [{ request: 'a.b.c' }, 'invalid_request'],
      [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
      [{ id_token_hint: 'a.b.c' }, 'invalid_request'],
      [{ claims: '{"id_token":{"sub":{"value":"1"}}}' }, 'invalid_request'],
      [{ claims: '{"userinfo":{"sub":{"value":"1"}}}' }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ resource: 'https://unknown.example' }, 'invalid_target'],
      [{ claims: '{' }, 'invalid_request'],
      [{ claims: '{"id_token":{"acr":7}}' }, 'invalid_request'],
    ] as const)
      expect(errorOf(await app.begin('x', more)), JSON.stringify(more)).to.equal(error);
  });

  it('are refused in any other form', async () => {
    const app = await newApp();
    const sent = async (init: RequestInit, query = ''): Promise<number> =>
      (await fetch(server.url + PATH + query, { method: 'POST', ...init })).status;
    const form = (body: string) => ({
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const id = `client_id=${app.client.id}`;
    expect(await sent({ body: '{}', headers: { 'content-type': 'application/json' } })).to.equal(400);
    expect(await sent({})).to.equal(400);
    expect(await sent(form(`${id}&password=a&password=b`))).to.equal(400);
    expect(await sent(form(`${id}&login_hint=%00`))).to.equal(400);
    expect(await sent(form(`${id}&login_hint=%FF`))).to.equal(400);
    expect(await sent(form(`${id}&password=${'a'.repeat(200_000)}`))).to.equal(413);
    expect(await sent(form(''), `?${id}&code_challenge=${pkce().challenge}`)).to.equal(400);
    expect(await sent({ method: 'GET' })).to.equal(405);
  });

  it('of scripts of other origins get no permission', async () => {
    const answer = await fetch(server.url + PATH, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:8080', 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
  });
});
