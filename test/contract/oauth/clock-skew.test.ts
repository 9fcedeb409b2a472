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

  const signed = (claims: object, member: 'iat' | 'nbf', ahead: number): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: client.id, aud: server.url, exp: now + 120, [member]: now + ahead })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .sign(key);
  };

  for (const member of ['iat', 'nbf'] as const) {
    it(`is known by an assertion with ${member} 8 seconds from now, and not 60`, async () => {
      const attempt = async (ahead: number): Promise<number> => {
        const client_assertion = await signed({ sub: client.id, jti: randomUUID() }, member, ahead);
        const fields = {
          grant_type: 'client_credentials',
          client_assertion,
          client_assertion_type: ASSERTION,
        };
        return (await tokenRequest(server.url, fields)).status;
      };
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
