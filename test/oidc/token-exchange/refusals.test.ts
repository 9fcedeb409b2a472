import { expect } from 'chai';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { tokenOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import {
  ACCESS_TOKEN,
  API,
  backend,
  exchange,
  frontend,
  GRANT,
  JWT_TYPE,
  OPAQUE,
  signedIn,
} from './exchange-steps.ts';

const TYPE = 'urn:ietf:params:oauth:token-type:';

describe('a token exchange is refused', () => {
  let server: TestServer;
  let shop: TestClient;
  let orders: TestClient;
  let tokens: { access_token: string; refresh_token?: string; id_token?: string };

  before(async () => {
    server = await testServer();
    shop = await frontend(server);
    orders = await backend(server, [
      { subject_clients: [shop.id], mode: 'impersonation' },
      { subject_resource: API, resource: API },
    ]);
    tokens = await signedIn(server, shop, OPAQUE);
  });

  const errorOf = async (token: string | undefined, more: Record<string, string> = {}, client = orders) =>
    (await exchange(server, client, token, { resource: OPAQUE, ...more })).body.error;

  const requests: [name: string, more: Record<string, string>, error: string][] = [
    ['an unknown type of subject_token', { subject_token_type: `${TYPE}saml2` }, 'invalid_request'],
    ['an opaque token as a JWT', { subject_token_type: JWT_TYPE }, 'invalid_request'],
    ['a request for a refresh token', { requested_token_type: `${TYPE}refresh_token` }, 'invalid_request'],
    ['a request for a JWT of an opaque resource', { requested_token_type: JWT_TYPE }, 'invalid_request'],
    ['a type without an actor token', { actor_token_type: ACCESS_TOKEN }, 'invalid_request'],
    ['an actor token without its type', { actor_token: 'x' }, 'invalid_request'],
    ['an unknown resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['two targets', { audience: API }, 'invalid_target'],
    ['a resource that the rules have for other tokens', { resource: API }, 'invalid_request'],
    ['a scope beyond the rule', { scope: 'api:write' }, 'invalid_scope'],
    ['an unknown scope', { scope: 'openid' }, 'invalid_scope'],
  ];
  for (const [name, more, error] of requests) {
    it(`for ${name}`, async () => expect(await errorOf(tokens.access_token, more)).to.equal(error));
  }

  it('for a resource that is not named where the policy has several', async () => {
    const { body } = await exchange(server, orders, tokens.access_token);
    expect(body.error).to.equal('invalid_target');
  });

  it('for tokens that are not access tokens of this server', async () => {
    const { refresh_token, id_token } = tokens;
    expect(await errorOf(refresh_token, { subject_token_type: `${TYPE}refresh_token` })).to.equal(
      'invalid_request',
    );
    expect(await errorOf(id_token, { subject_token_type: `${TYPE}id_token` })).to.equal('invalid_request');
    for (const token of [refresh_token, id_token, 'nothing', '', 'a.b.c', undefined])
      expect(await errorOf(token)).to.equal('invalid_request');
  });

  it('for a JWT that has been changed', async () => {
    const { access_token } = await signedIn(server, shop, API);
    const [head, body = '', signature] = access_token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: '2' })).toString('base64url');
    expect(await errorOf([head, forged, signature].join('.'))).to.equal('invalid_request');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    expect(await errorOf([none, body, ''].join('.'))).to.equal('invalid_request');
    expect(await errorOf(access_token)).to.equal(undefined);
  });

  it('for the token of a program', async () => {
    const program = { grant_type: 'client_credentials', scope: 'api:read', resource: API };
    const { body } = await tokenOf(server, orders, program);
    expect(await errorOf(body.access_token, { resource: API })).to.equal('invalid_request');
  });

  it('for tokens of clients that no rule names', async () => {
    const other = await signedIn(server, await frontend(server), OPAQUE);
    expect(await errorOf(other.access_token)).to.equal('invalid_request');
  });

  it('for actors that the policy does not want, or that are of another client', async () => {
    const program = { grant_type: 'client_credentials', scope: 'api:read', resource: OPAQUE };
    const { body: own } = await tokenOf(server, orders, program);
    const actor = { actor_token_type: ACCESS_TOKEN };
    expect(await errorOf(tokens.access_token, { ...actor, actor_token: own.access_token })).to.equal(
      'invalid_request',
    );
    const delegate = await backend(server, [{ subject_clients: [shop.id] }]);
    for (const token of [own.access_token, 'nothing'])
      expect(await errorOf(tokens.access_token, { ...actor, actor_token: token }, delegate)).to.equal(
        'invalid_request',
      );
  });

  it('for clients without the grant, a policy or credentials', async () => {
    const without = await createClient(server, { grant_types: ['client_credentials'] });
    expect(await errorOf(tokens.access_token, {}, without)).to.equal('unauthorized_client');
    const open = await backend(server, [{ subject_clients: [shop.id] }], {
      token_endpoint_auth_method: 'none',
      grant_types: [GRANT],
    });
    expect(await errorOf(tokens.access_token, {}, open)).to.equal('unauthorized_client');
    const wrong = { ...orders, secret: 'wrong' };
    expect(await errorOf(tokens.access_token, {}, wrong)).to.equal('invalid_client');
  });

  it('for a token that has expired', async () => {
    const { access_token } = await signedIn(server, shop, API);
    const { access_token: opaque } = await signedIn(server, shop, OPAQUE);
    await moveClock(server.database, 3700);
    expect([await errorOf(access_token), await errorOf(opaque)]).to.deep.equal([
      'invalid_request',
      'invalid_request',
    ]);
  });
});
