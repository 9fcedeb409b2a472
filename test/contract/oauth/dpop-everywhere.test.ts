import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { exchangeOf, partnerCodes, post } from '../../oidc/partner-client.ts';
import { createClient } from '../../support/clients.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT, SOMCHAI, tokenRequest } from '../../support/sign-in.ts';

const GRANT = { grant_type: 'password', username: SOMCHAI.login, password: SOMCHAI.password };

describe('DPoP where tokens come from elsewhere than the code grant', () => {
  let server: TestServer;
  let proof: (method: string, path: string) => Promise<string>;

  before(async () => {
    server = await testServer();
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    proof = (htm, path) =>
      new SignJWT({ jti: randomUUID(), htm, htu: `${server.url}${path}` })
        .setIssuedAt()
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey);
  });

  const bearerAt = async (path: string, token: unknown): Promise<number> =>
    (await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } })).status;

  describe('the password grant', () => {
    it('binds its tokens to a proof that is sent', async () => {
      const dpop = await proof('POST', '/oauth/token');
      const headers = { authorization: BASIC_CLIENT, dpop };
      const { status, body } = await tokenRequest(server.url, { ...GRANT, scope: 'openid' }, headers);
      expect({ status, type: body.token_type }).to.deep.equal({ status: 200, type: 'DPoP' });
      expect(await bearerAt('/oauth/userinfo', body.access_token)).to.equal(401);
      const again = await tokenRequest(server.url, GRANT, headers);
      expect(again.body).to.include({ error: 'invalid_grant' });
    });

    it('refuses a wrong proof', async () => {
      const headers = { authorization: BASIC_CLIENT, dpop: await proof('POST', '/oauth/userinfo') };
      const { status, body } = await tokenRequest(server.url, GRANT, headers);
      expect({ status, error: body.error }).to.deep.equal({ status: 400, error: 'invalid_dpop_proof' });
    });

    it('demands one of a client that has promised it, and binds the refresh token of a public one', async () => {
      const { id } = await createClient(server, {
        first_party: true,
        scope: 'openid global',
        grant_types: ['password', 'refresh_token'],
        response_types: [],
        token_endpoint_auth_method: 'none',
        dpop_bound_access_tokens: true,
      });
      const fields = { ...GRANT, client_id: id };
      expect((await tokenRequest(server.url, fields)).body).to.include({ error: 'invalid_grant' });
      const bound = await tokenRequest(server.url, fields, { dpop: await proof('POST', '/oauth/token') });
      expect(bound.body.token_type).to.equal('DPoP');
      const refreshing = {
        grant_type: 'refresh_token',
        client_id: id,
        refresh_token: bound.body.refresh_token,
      };
      expect((await tokenRequest(server.url, refreshing as never)).status).to.equal(400);
    });
  });

  it('the exchange of partners binds its tokens', async () => {
    const code = await partnerCodes(server.url)();
    const headers = { dpop: await proof('POST', '/oauth/token') };
    const { body } = await post(server.url, new URLSearchParams(exchangeOf(code)), headers);
    expect(body.token_type).to.equal('DPoP');
    expect(await bearerAt('/oauth/userinfo', body.access_token)).to.equal(401);
  });

  for (const path of ['/api/v2/auth/login', '/customers/login']) {
    it(`${path} refuses a proof, because its tokens are not bound`, async () => {
      const answer = await fetch(server.url + path, {
        method: 'POST',
        body: JSON.stringify({ email: 'somchai@example.com', password: SOMCHAI.password }),
        headers: { 'content-type': 'application/json', dpop: await proof('POST', path) },
      });
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.include('DPoP');
    });
  }
});
