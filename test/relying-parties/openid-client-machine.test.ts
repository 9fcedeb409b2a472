import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { createClient, type TestClient } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MACHINE = {
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: '',
  client_credentials_scope: 'api:read',
};
const API = { resource: 'http://localhost:8080/api', scope: 'api:read' };

async function keyNamed(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  return { privateKey, jwk, auth: client.PrivateKeyJwt({ key: privateKey, kid }) };
}

const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (failure) => failure,
  );

describe('openid-client: programs without a person', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  it('get a token for themselves with a secret', async () => {
    const config = await discover(server, await createClient(server, MACHINE));
    const tokens = await client.clientCredentialsGrant(config, API);
    expect(tokens).to.include({ scope: 'api:read', expires_in: 300 });
    expect(tokens).to.not.have.any.keys('refresh_token', 'id_token');
  });

  it('are refused scopes of a resource that the operator did not give them', async () => {
    const config = await discover(server, await createClient(server, MACHINE));
    const failure = await failureOf(client.clientCredentialsGrant(config, { ...API, scope: 'api:write' }));
    expect(failure).to.include({ error: 'invalid_scope' });
  });

  for (const scope of ['openid', 'accounts:lookup', 'nothing:known']) {
    it(`are refused ${scope}, which is not theirs`, async () => {
      const config = await discover(server, await createClient(server, MACHINE));
      const failure = await failureOf(client.clientCredentialsGrant(config, { scope }));
      expect(failure).to.include({ error: 'invalid_scope', status: 400 });
    });
  }

  describe('with a key of their own', () => {
    let keys: LocalServer;
    let published: JWK[] = [];
    let registered: TestClient;

    before(async () => {
      keys = await localServer((path) => (path === '/gone' ? undefined : { keys: published }));
      registered = await createClient(server, {
        ...MACHINE,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${keys.url}/jwks`,
      });
    });

    it('are known by what their jwks_uri publishes, also after they swap the key', async () => {
      const old = await keyNamed('old');
      const fresh = await keyNamed('fresh');
      published = [old.jwk];
      const before = await discover(server, registered, old.auth);
      expect(await client.clientCredentialsGrant(before, API)).to.have.property('access_token');
      expect(keys.received).to.have.length(1);

      published = [fresh.jwk];
      await moveClock(server.database, 61);
      const after = await discover(server, registered, fresh.auth);
      expect(await client.clientCredentialsGrant(after, API)).to.have.property('access_token');
      expect(await failureOf(client.clientCredentialsGrant(before, API))).to.include({
        error: 'invalid_client',
        status: 401,
      });
    });

    it('change the key immediately: an unknown one is fetched, at most every ten seconds', async () => {
      const own = await createClient(server, {
        ...MACHINE,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${keys.url}/swapped`,
      });
      const [old, fresh, never] = [await keyNamed('a'), await keyNamed('b'), await keyNamed('c')];
      const fetches = (): number => keys.received.filter(({ path }) => path === '/swapped').length;
      const attempt = async ({ auth }: typeof old) =>
        failureOf(client.clientCredentialsGrant(await discover(server, own, auth), API));
      published = [old.jwk];
      expect(await attempt(old)).to.equal(undefined);
      published = [fresh.jwk];
      await moveClock(server.database, 11);
      expect(await attempt(fresh)).to.equal(undefined);
      expect(fetches()).to.equal(2);
      for (const one of [never, never, never]) expect(await attempt(one)).to.include({ status: 401 });
      expect(fetches()).to.equal(2);
      await moveClock(server.database, 11);
      expect(await attempt(never)).to.include({ status: 401 });
      expect(fetches()).to.equal(3);
    });

    it('may be a service account, whose assertions with an unknown key have its keys fetched again', async () => {
      const own = await createClient(server, {
        ...MACHINE,
        grant_types: [JWT_BEARER],
        token_endpoint_auth_method: 'none',
        jwks_uri: `${keys.url}/account`,
      });
      const [old, fresh] = [await keyNamed('one'), await keyNamed('two')];
      const attempt = async ({ privateKey, jwk }: typeof old) => {
        const assertion = await new SignJWT({ jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
          .setIssuer(own.id)
          .setSubject(own.id)
          .setAudience(server.url)
          .setExpirationTime('1m')
          .sign(privateKey);
        const config = await discover(server, own);
        const fields = { ...API, assertion };
        return failureOf(client.genericGrantRequest(config, JWT_BEARER, fields));
      };
      published = [old.jwk];
      expect(await attempt(old)).to.equal(undefined);
      published = [fresh.jwk];
      await moveClock(server.database, 11);
      expect(await attempt(fresh)).to.equal(undefined);
      expect(await attempt(old)).to.include({ error: 'invalid_grant', status: 400 });
      expect(keys.received.filter(({ path }) => path === '/account')).to.have.length(2);
    });

    it('do not repeatedly query a server that does not respond', async () => {
      const gone = await createClient(server, {
        ...MACHINE,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${keys.url}/gone`,
      });
      const config = await discover(server, gone, (await keyNamed('x')).auth);
      for (let i = 0; i < 3; i += 1)
        expect(await failureOf(client.clientCredentialsGrant(config, API))).to.be.an('error');
      expect(keys.received.filter(({ path }) => path === '/gone')).to.have.length(1);
    });

    it('are refused with a key that is not theirs', async () => {
      published = [(await keyNamed('theirs')).jwk];
      const { auth } = await keyNamed('theirs');
      const config = await discover(server, registered, auth);
      await moveClock(server.database, 200);
      expect(await failureOf(client.clientCredentialsGrant(config, API))).to.include({
        error: 'invalid_client',
        status: 401,
      });
    });
  });
});
