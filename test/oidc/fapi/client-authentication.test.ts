import { constants, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { expect } from 'chai';
import { createClient } from '../../support/clients.ts';
import { basic } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import {
  ASSERTION_TYPE,
  assertionOf,
  type Changes,
  epoch,
  type FapiClient,
  fapiClient,
  newKey,
  push,
  rightRequest,
} from './fapi-client.ts';

describe('FAPI 2.0: client authentication', () => {
  let server: TestServer;
  let client: FapiClient;

  before(async () => {
    server = await testServer();
    client = await fapiClient(server);
  });

  const attempt = async (assertion: Changes, of = client): Promise<string> => {
    const { status, body } = await push(server, of, rightRequest(of).request, { assertion });
    return status === 201 ? 'pushed' : `${status} ${body.error}`;
  };

  it('has the issuer, as a string, for its audience', async () => {
    expect(await attempt({})).to.equal('pushed');
    const { url } = server;
    for (const aud of [
      [url],
      [url, `${url}/oauth/token`],
      `${url}/oauth/token`,
      `${url}/oauth/par`,
      `${url}/`,
    ])
      expect(await attempt({ claims: { aud } }), String(aud)).to.equal('401 invalid_client');
  });

  it('needs iss, sub, aud, exp and jti', async () => {
    for (const member of ['iss', 'sub', 'aud', 'exp', 'jti'])
      expect(await attempt({ claims: { [member]: undefined } }), member).to.equal('401 invalid_client');
    for (const claims of [{ aud: 'https://evil.example' }, { exp: epoch() - 60 }, { iss: 'other' }])
      expect(await attempt({ claims }), JSON.stringify(claims)).to.equal('401 invalid_client');
    // `sub` identifies the client, as `client_id` does
    expect(await attempt({ claims: { sub: 'other' } })).to.equal('400 invalid_request');
  });

  it('may be dated 8 seconds ahead, and not 60', async () => {
    for (const member of ['iat', 'nbf']) {
      expect(await attempt({ claims: { [member]: epoch() + 8 } }), member).to.equal('pushed');
      expect(await attempt({ claims: { [member]: epoch() + 65 } }), member).to.equal('401 invalid_client');
    }
  });

  it('works once', async () => {
    const jti = randomUUID();
    expect([await attempt({ claims: { jti } }), await attempt({ claims: { jti } })]).to.deep.equal([
      ...['pushed', '401 invalid_client'],
    ]);
  });

  it('is signed by PS256, ES256 or Ed25519, and not by RS256', async () => {
    for (const alg of ['PS256', 'ES256', 'EdDSA', 'Ed25519'])
      expect(await attempt({}, await fapiClient(server, {}, await newKey(alg))), alg).to.equal('pushed');
    const weak = await fapiClient(server, {}, await newKey('RS256'));
    expect(await attempt({}, weak)).to.equal('401 invalid_client');
    expect(await attempt({ key: await newKey() })).to.equal('401 invalid_client');
  });

  it('has no RSA key below 2048 bits, wherever the key comes from', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'sig-1', use: 'sig' }] };
    // a registration of the profile with this key is invalid, so the client cannot be used
    expect(await attempt({}, await fapiClient(server, { jwks }))).to.equal('400 invalid_client_metadata');
    // a key of another client, as it might be at a `jwks_uri`: an assertion that it signed proves nothing
    const { id } = await createClient(server, { token_endpoint_auth_method: 'private_key_jwt', jwks });
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: id, sub: id, aud: server.url, jti: randomUUID(), exp: epoch() + 60 };
    const signed = `${part({ alg: 'PS256', kid: 'sig-1' })}.${part(claims)}`;
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, ...padding });
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      body: new URLSearchParams({
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: `${signed}.${signature.toString('base64url')}`,
      }),
    });
    expect([answer.status, (await answer.json()).error]).to.deep.equal([401, 'invalid_client']);
  });

  it('is not a secret', async () => {
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      headers: { authorization: basic({ ...client, secret: 'x' }) },
      body: new URLSearchParams(rightRequest(client).request),
    });
    expect([answer.status, (await answer.json()).error]).to.deep.equal([401, 'invalid_client']);
  });

  it('is unchanged for every other client', async () => {
    const key = await newKey('RS256');
    const other = {
      ...(await createClient(server, {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...key.jwk, kid: 'sig-1', use: 'sig' }] },
      })),
      key,
      proofKey: await newKey(),
    };
    const aud = `${server.url}/oauth/token`;
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: other.id,
        response_type: 'code',
        redirect_uri: other.redirectUri,
        scope: 'openid',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assertionOf(server, other, { claims: { aud: [aud, server.url] } }),
      }),
    });
    expect(answer.status).to.equal(201);
  });
});
