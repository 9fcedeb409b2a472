import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { requestOf, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('a client whose clock is ahead', () => {
  let server: TestServer;
  let client: TestClient;
  let key: CryptoKey;

  before(async () => {
    server = await testServer();
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    key = privateKey;
    client = await createClient(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'ES256', use: 'sig' }] },
      grant_types: ['authorization_code', 'client_credentials'],
    });
  });

  const signed = (claims: object, member: 'exp' | 'iat' | 'nbf', ahead: number): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: client.id, aud: server.url, exp: now + 120, [member]: now + ahead })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .sign(key);
  };

  const authenticate = async (member: 'exp' | 'iat' | 'nbf', ahead: number) =>
    tokenRequest(server.url, {
      grant_type: 'client_credentials',
      client_assertion: await signed({ sub: client.id, jti: randomUUID() }, member, ahead),
      client_assertion_type: ASSERTION,
    });

  it('is known by an assertion that expires within a day, and stores nothing of another', async () => {
    const stored = () => server.database.knex('records').where({ kind: 'ReplayDetection' });
    expect((await authenticate('exp', 86_400)).status).to.equal(200);
    const before = (await stored()).length;
    for (const ahead of [86_400 + 60, Date.now(), 1e300]) {
      const { status, body } = await authenticate('exp', ahead);
      expect([status, body.error], `${ahead}`).to.deep.equal([401, 'invalid_client']);
    }
    expect(await stored()).to.have.length(before);
  });

  for (const member of ['iat', 'nbf'] as const) {
    it(`is known by an assertion with ${member} 8 seconds from now, and not 60`, async () => {
      const attempt = async (ahead: number) => (await authenticate(member, ahead)).status;
      expect([await attempt(8), await attempt(60)]).to.deep.equal([200, 401]);
    });

    it(`may sign a request with ${member} 8 seconds from now, and not 60`, async () => {
      const attempt = async (ahead: number): Promise<string> => {
        const request = await signed(requestOf(client), member, ahead);
        const answer = await new BrowserAgent().request(requestUrl(server, client, { request }));
        return answer.headers.get('location') ?? '';
      };
      expect(await attempt(8)).to.match(/^\/interaction\//);
      expect(await attempt(60)).to.include('error=invalid_request_object');
    });
  }
});
