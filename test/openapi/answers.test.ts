import { expect } from 'chai';
import { randomToken } from '../../src/lib/ids.ts';
import { recordId } from '../../src/storage/record.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { basic as basicOf } from '../support/code-flow.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { checkAnswer } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';
import {
  authorizationUrl,
  BASIC_CLIENT,
  pkce,
  SOMCHAI,
  signInOnPages,
  tokensByPassword,
} from '../support/sign-in.ts';

const SERVICE = { client_id: 'documented-service', client_secret: 'documented-service-secret' };
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEVICE = 'documented-device';
const CALLBACK = 'http://localhost:8080/cb';
const basic = { authorization: BASIC_CLIENT };

interface Json {
  [member: string]: string;
}

describe('the answers of the server', () => {
  let server: TestServer;

  before(async () => {
    // the demonstration data, independent of other files
    await emptyTables(await testDatabase());
    server = await startServer();
    await server.domain.clients.create(
      {
        client_id: SERVICE.client_id,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
      { secret: SERVICE.client_secret },
    );
    await server.domain.clients.create(
      {
        client_id: DEVICE,
        token_endpoint_auth_method: 'none',
        grant_types: [DEVICE_GRANT],
        response_types: [],
        redirect_uris: [],
      },
      {},
    );
  });

  after(async () => {
    for (const id of [SERVICE.client_id, DEVICE]) await server.domain.clients.remove(id);
    await server.stop();
  });

  /** Sends one request. Checks the response against the documents, and its status against the expected one. */
  async function call(
    operation: string,
    status: number,
    path: string,
    init: RequestInit = {},
  ): Promise<Json> {
    const headers = { accept: 'application/json', ...(init.headers as Record<string, string>) };
    const answer = await fetch(`${server.url}${path}`, { ...init, headers, redirect: 'manual' });
    const body = await answer.text();
    expect(answer.status, `${operation}: ${body}`).to.equal(status);
    checkAnswer(operation, answer.status, answer.headers, body);
    return body.startsWith('{') ? JSON.parse(body) : {};
  }

  const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  });
  const token = (status: number, fields: Record<string, string>, headers = {}) =>
    call('token', status, '/oauth/token', form(fields, headers));

  it('are as documented for discovery and the keys', async () => {
    await call('openidConfiguration', 200, '/.well-known/openid-configuration');
    await call('authorizationServerMetadata', 200, '/.well-known/oauth-authorization-server');
    await call('jwks', 200, '/oauth/jwks');
  });

  it('are as documented for the password and refresh grants', async () => {
    const { login: username, password } = SOMCHAI;
    const asked = { grant_type: 'password', username, password };
    const { refresh_token = '' } = await token(200, { ...asked, scope: 'openid profile' }, basic);
    await token(200, { grant_type: 'refresh_token', refresh_token }, basic);
    await token(400, { ...asked, password: 'wrong-password' }, basic);
    await token(400, { ...asked, scope: 'unknown' }, basic);
    await token(400, { grant_type: 'refresh_token', refresh_token: 'unknown' }, basic);
    await token(401, { ...asked, client_id: 'client', client_secret: 'wrong' });
    await token(400, { grant_type: 'unknown' }, basic);
    await token(400, {});
  });

  it('are as documented for a token exchange and an assertion', async () => {
    const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const resource = 'http://localhost:8080/opaque';
    const client = await createClient(server, {
      grant_types: [grant],
      response_types: [],
      redirect_uris: [],
      token_exchange: [{ subject_clients: ['client'], resource, scope: 'api:read', mode: 'delegation' }],
    });
    const { login: username, password } = SOMCHAI;
    const { access_token = '' } = await token(200, { grant_type: 'password', username, password }, basic);
    const type = { subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' };
    const own = { client_id: client.id, client_secret: client.secret };
    const bearer = { authorization: basicOf(client) };
    const fields = { grant_type: grant, ...type, resource };
    const exchanged = await token(200, { ...fields, subject_token: access_token }, bearer);
    await token(400, { ...fields, subject_token: 'unknown' }, bearer);
    await token(401, { ...fields, ...own, client_secret: 'wrong', subject_token: access_token });
    await call('introspect', 200, '/oauth/introspect', form({ token: exchanged.access_token ?? '' }, bearer));
    await token(400, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'a.b.c' });
  });

  it('are as documented for a code', async () => {
    const { verifier, challenge } = pkce();
    const back = await signInOnPages(new BrowserAgent(), authorizationUrl(server.url, challenge));
    const fields = {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
    };
    await token(200, fields);
    await token(400, fields);
  });

  it('are as documented for client credentials', async () => {
    await token(200, { ...SERVICE, grant_type: 'client_credentials' });
    await token(401, { ...SERVICE, client_secret: 'wrong', grant_type: 'client_credentials' });
  });

  it('are as documented for a device', async () => {
    const begin = { client_id: DEVICE, scope: 'openid' };
    const { device_code = '' } = await call('authorizeDevice', 200, '/oauth/device', form(begin));
    await token(400, { client_id: DEVICE, grant_type: DEVICE_GRANT, device_code });
    await call('authorizeDevice', 400, '/oauth/device', form({ client_id: 'spa' }));
  });

  it('are as documented for userinfo', async () => {
    const every = await tokensByPassword(server.url, { scope: 'openid profile email phone address' });
    const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } });
    await call('userinfo', 200, '/oauth/userinfo', bearer(every.access_token));
    await call('userinfoByPost', 200, '/oauth/userinfo', { method: 'POST', ...bearer(every.access_token) });
    await call('userinfo', 401, '/oauth/userinfo');
    await call('userinfo', 401, '/oauth/userinfo', bearer('unknown'));
    const { access_token } = await tokensByPassword(server.url);
    await call('userinfo', 403, '/oauth/userinfo', bearer(access_token));
  });

  it('are as documented for introspection and revocation', async () => {
    const tokens = await tokensByPassword(server.url);
    const introspect = (value: string) =>
      call('introspect', 200, '/oauth/introspect', form({ token: value }, basic));
    expect(await introspect(tokens.access_token)).to.include({ active: true });
    expect(await introspect(tokens.refresh_token ?? '')).to.include({ active: true });
    expect(await introspect('unknown')).to.deep.equal({ active: false });
    await call('revoke', 200, '/oauth/revoke', form({ token: tokens.access_token }, basic));
    expect(await introspect(tokens.access_token)).to.deep.equal({ active: false });
    await call('introspect', 400, '/oauth/introspect', form({ token: 'unknown' }));
    await call('revoke', 400, '/oauth/revoke', form({}, basic));
  });

  it('are as documented for a pushed request', async () => {
    const request = {
      client_id: 'client',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
    };
    await call('pushAuthorizationRequest', 201, '/oauth/par', form(request, basic));
    const elsewhere = { ...request, redirect_uri: 'https://elsewhere.example' };
    await call('pushAuthorizationRequest', 400, '/oauth/par', form(elsewhere, basic));
  });

  it('are as documented for registration and its management', async () => {
    const initial = randomToken();
    const work = server.domain.records.unit();
    work.insert({
      id: recordId('InitialAccessToken', initial),
      kind: 'InitialAccessToken',
      payload: JSON.stringify({ kind: 'InitialAccessToken', iat: Math.floor(Date.now() / 1000) }),
      lifetime: 60,
    });
    await work.commit();
    const json = (method: string, bearer: string, body?: object): RequestInit => ({
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const metadata = { client_name: 'Documented', redirect_uris: ['https://app.example/cb'] };

    await call('registerClient', 401, '/oauth/register', json('POST', 'unknown', metadata));
    await call('registerClient', 400, '/oauth/register', json('POST', initial, { redirect_uris: ['no'] }));
    const made = await call('registerClient', 201, '/oauth/register', json('POST', initial, metadata));
    const { client_id = '', client_secret = '', registration_access_token: key = '' } = made;
    const own = `/oauth/register/${client_id}`;
    await call('readClient', 401, own, json('GET', 'unknown'));
    await call('readClient', 200, own, json('GET', key));
    const changed = { ...metadata, client_id, client_secret, client_name: 'Changed' };
    const updated = await call('updateClient', 200, own, json('PUT', key, changed));
    const newest = updated.registration_access_token ?? key;
    await call('updateClient', 400, own, json('PUT', newest, { ...changed, first_party: true }));
    await call('deleteClient', 204, own, json('DELETE', newest));
    await call('readClient', 401, own, json('GET', newest));
  });

  it('are as documented for the probes and the outbox', async () => {
    await call('live', 200, '/live');
    await call('ready', 200, '/ready');
    await call('outbox', 200, '/dev/outbox');
    await call('outbox', 400, '/dev/outbox?limit=0');
    await call('metrics', 200, '/metrics');
  });

  it('are as documented for pages', async () => {
    const html = { headers: { accept: 'text/html' } };
    await call('home', 200, '/', html);
    await call('outbox', 200, '/dev/outbox', html);
    await call('devicePage', 200, '/device', html);
    await call('loggedOutPage', 200, '/oauth/logout/success', html);
    await call('favicon', 200, '/favicon.ico');
    await call('authorize', 400, '/oauth/authorize', html);
    await call('interaction', 400, '/interaction/unknown', html);
    await call('logIn', 403, '/interaction/unknown/login', { ...form({ login: 'x' }), ...html });
  });

  it('that are not documented are detected', () => {
    const json = new Headers({ 'content-type': 'application/json' });
    expect(() => checkAnswer('live', 200, json, '{"status":"dead"}')).to.throw('not as documented');
    expect(() => checkAnswer('live', 201, json, '{}')).to.throw('status 201');
    expect(() => checkAnswer('live', 200, new Headers(), '')).to.throw('media type');
    expect(() => checkAnswer('jwks', 200, json, '{}')).to.throw('Cache-Control');
    expect(() => checkAnswer('deleteClient', 204, json, '{}')).to.throw('body');
    expect(() => checkAnswer('GET /nowhere', 200, json, '{}')).to.throw('no document');
  });
});
