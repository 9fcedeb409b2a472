import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { createClient, type TestClient } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const API = 'http://localhost:8080/api';
const now = (): number => Math.floor(Date.now() / 1000);

describe('a service account', () => {
  let server: TestServer;
  let account: TestClient;
  let key: CryptoKey;
  let other: CryptoKey;
  let rsa: CryptoKey;
  let rsaPss: CryptoKey;

  before(async () => {
    server = await testServer();
    const [pair, rsaPair] = [
      await generateKeyPair('ES256'),
      await generateKeyPair('RS256', { extractable: true }),
    ];
    key = pair.privateKey;
    rsa = rsaPair.privateKey;
    rsaPss = (await importJWK(await exportJWK(rsa), 'PS256')) as CryptoKey;
    other = (await generateKeyPair('ES256')).privateKey;
    account = await createClient(server, {
      grant_types: [GRANT],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'none',
      client_credentials_scope: 'api:read',
      jwks: {
        keys: [
          { ...(await exportJWK(pair.publicKey)), kid: 'a', use: 'sig' },
          { ...(await exportJWK(rsaPair.publicKey)), kid: 'r', use: 'sig' },
        ],
      },
    });
  });

  const claims = () => ({
    iss: account.id,
    sub: account.id,
    aud: server.url as unknown,
    exp: now() + 120,
    iat: now(),
    jti: randomUUID() as unknown,
  });
  const sign = (
    changes: object = {},
    { by = key, alg = 'ES256', kid = 'a' }: { by?: CryptoKey; alg?: string; kid?: string } = {},
  ): Promise<string> =>
    new SignJWT({ ...claims(), ...changes } as Record<string, unknown>)
      .setProtectedHeader({ alg, kid })
      .sign(by);
  const ask = async (assertion: string, fields: Record<string, string> = {}) => {
    const { status, body } = await tokenRequest(server.url, { grant_type: GRANT, assertion, ...fields });
    return { status, body };
  };

  it('gets a token of its own for an assertion, without any other credentials', async () => {
    const { status, body } = await ask(await sign(), { scope: 'api:read', resource: API });
    expect([status, body.scope, body.token_type]).to.deep.equal([200, 'api:read', 'Bearer']);
    expect(body).to.not.have.any.keys('refresh_token', 'id_token');
    const { sub, client_id } = JSON.parse(
      Buffer.from(String(body.access_token).split('.')[1] ?? '', 'base64url').toString(),
    );
    expect([sub, client_id]).to.deep.equal([account.id, account.id]);
  });

  it('gets no other scope than those of its registration', async () => {
    const { status, body } = await ask(await sign(), { scope: 'api:write', resource: API });
    expect([status, body.error]).to.deep.equal([400, 'invalid_scope']);
  });

  it('may be eight seconds ahead with iat and nbf', async () => {
    expect((await ask(await sign({ iat: now() + 8, nbf: now() + 8 }))).status).to.equal(200);
  });

  const faults: [string, () => object][] = [
    ['of another issuer', () => ({ iss: 'client' })],
    ['about somebody else', () => ({ sub: 'client' })],
    ['for another server', () => ({ aud: 'https://other.example' })],
    ['for the token endpoint', () => ({ aud: `${server.url}/oauth/token` })],
    ['for two servers', () => ({ aud: [server.url, 'https://other.example'] })],
    ['without an audience', () => ({ aud: undefined })],
    ['that has expired', () => ({ exp: now() - 20 })],
    ['that never expires', () => ({ exp: undefined })],
    ['that is valid for an hour', () => ({ exp: now() + 3600 })],
    ['without jti', () => ({ jti: undefined })],
    ['whose jti is a number', () => ({ jti: 7 })],
    ['with iat a minute ahead', () => ({ iat: now() + 60 })],
    ['with nbf a minute ahead', () => ({ nbf: now() + 60 })],
  ];
  for (const [name, changes] of faults) {
    it(`is refused an assertion ${name}`, async () => {
      const { status, body } = await ask(await sign(changes()), { client_id: account.id });
      expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
    });
  }

  it('is refused another key, and RS256 with a key of its own', async () => {
    for (const how of [{ by: other }, { by: other, kid: 'unknown' }, { by: rsa, alg: 'RS256', kid: 'r' }]) {
      const { status, body } = await ask(await sign({}, how));
      expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
    }
    expect((await ask(await sign({}, { by: rsaPss, alg: 'PS256', kid: 'r' }))).status).to.equal(200);
  });

  it('is told what is missing', async () => {
    const without = await tokenRequest(server.url, { grant_type: GRANT, client_id: account.id });
    expect([without.status, without.body.error]).to.deep.equal([400, 'invalid_request']);
    const broken = await ask('not.a.jwt');
    expect([broken.status, broken.body.error]).to.deep.equal([400, 'invalid_request']);
    const unknown = await ask(await sign({ iss: 'nobody', sub: 'nobody' }));
    expect([unknown.status, unknown.body.error]).to.deep.equal([401, 'invalid_client']);
  });

  it('uses an assertion once, of fifty requests at once', async () => {
    const assertion = await sign();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(assertion)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body.error))).to.deep.equal(new Set(['invalid_grant']));
    expect((await ask(assertion)).body.error).to.equal('invalid_grant');
  });

  it('has used up an assertion whose request was refused', async () => {
    const assertion = await sign();
    expect((await ask(assertion, { scope: 'nosuch' })).status).to.equal(400);
    expect((await ask(assertion)).body.error).to.equal('invalid_grant');
  });

  it('needs the grant in its registration', async () => {
    const { id } = await createClient(server, {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'none',
      redirect_uris: [],
      response_types: [],
    });
    const assertion = await sign({ iss: id, sub: id });
    expect((await ask(assertion)).body.error).to.equal('unauthorized_client');
    const open = await tokenRequest(server.url, { grant_type: 'client_credentials', client_id: id });
    expect(open.body.error).to.equal('unauthorized_client');
  });
});
