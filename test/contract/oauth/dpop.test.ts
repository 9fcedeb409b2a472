import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { sweeper } from '../../../src/domain/sweeping/sweep.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';

interface Proof {
  key?: CryptoKey;
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
}

describe('DPoP proofs', () => {
  let server: TestServer;
  let client: TestClient;
  let own: { privateKey: CryptoKey; jwk: JWK };
  let token: string;

  const newKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    return { privateKey, jwk: await exportJWK(publicKey) };
  };

  /** A valid proof for userinfo by GET, except for the changes. */
  const proof = ({ key = own.privateKey, header = {}, claims = {} }: Proof = {}): Promise<string> =>
    new SignJWT({
      jti: randomUUID(),
      htm: 'GET',
      htu: `${server.url}/oauth/userinfo`,
      iat: Math.floor(Date.now() / 1000),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: own.jwk, ...header })
      .sign(key);

  before(async () => {
    server = await testServer();
    own = await newKey();
    token = '';
    client = await createClient(server, { token_endpoint_auth_method: 'none' });
    const { code, verifier } = await authorize(server, client);
    const { body } = await tokenRequest(
      server.url,
      {
        grant_type: 'authorization_code',
        client_id: client.id,
        code,
        redirect_uri: client.redirectUri,
        code_verifier: verifier,
      },
      {
        dpop: await proof({ claims: { htm: 'POST', htu: `${server.url}/oauth/token`, ath: undefined } }),
      },
    );
    token = body.access_token;
  });

  const call = (dpop: string | undefined, scheme = 'DPoP', query = ''): Promise<Response> =>
    fetch(`${server.url}/oauth/userinfo${query}`, {
      headers: { authorization: `${scheme} ${token}`, ...(dpop === undefined ? {} : { dpop }) },
    });

  it('open userinfo, once each', async () => {
    const once = await proof();
    expect((await call(once)).status).to.equal(200);
    const again = await call(once);
    expect(again.status).to.equal(401);
    expect(again.headers.get('www-authenticate')).to.match(/^DPoP /);
  });

  it('that are dated ahead are still recognised after a sweep, until their time is over', async () => {
    const ahead = await proof({ claims: { iat: Math.floor(Date.now() / 1000) + 290 } });
    expect((await call(ahead)).status).to.equal(200);
    await moveClock(server.database, 500);
    await sweeper({ db: server.database.knex, size: 500, auditDays: 400 })();
    expect((await call(await proof())).status).to.equal(200);
    expect((await call(ahead)).status).to.equal(401);
  });

  it('may be a little late, and the scheme in lower case', async () => {
    const iat = Math.floor(Date.now() / 1000) - 10;
    expect((await call(await proof({ claims: { iat } }))).status).to.equal(200);
    expect((await call(await proof(), 'dpop')).status).to.equal(200);
  });

  const hour = (sign: number) => ({ claims: { iat: Math.floor(Date.now() / 1000) + sign * 3600 } });
  const wrong: [string, () => Promise<Proof> | Proof][] = [
    ['is of another key', async () => ({ key: (await newKey()).privateKey })],
    ['has another type', () => ({ header: { typ: 'jwt' } })],
    ['has no key', () => ({ header: { jwk: undefined } })],
    ['is for another method', () => ({ claims: { htm: 'POST' } })],
    ['is for another address', () => ({ claims: { htu: `${server.url}/oauth/token` } })],
    ['is for another host', () => ({ claims: { htu: 'https://evil.example/oauth/userinfo' } })],
    ['is for another token', () => ({ claims: { ath: createHash('sha256').digest('base64url') } })],
    ['is for no token', () => ({ claims: { ath: undefined } })],
    ['has no id', () => ({ claims: { jti: undefined } })],
    ['is an hour old', () => hour(-1)],
    ['is of an hour from now', () => hour(1)],
  ];
  for (const [name, change] of wrong) {
    it(`are refused when one ${name}`, async () => {
      const answer = await call(await proof(await change()));
      expect(answer.status).to.be.oneOf([400, 401]);
      expect(await answer.json()).to.have.property('error');
    });
  }

  it('are refused when one shows a private key, or is missing, or the token comes as Bearer', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const leaking = await proof({ key: privateKey, header: { jwk: await exportJWK(privateKey) } });
    for (const answer of [await call(leaking), await call(undefined), await call(await proof(), 'Bearer')]) {
      expect(answer.status).to.be.oneOf([400, 401]);
    }
  });
});
