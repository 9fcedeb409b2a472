import { expect } from 'chai';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTVerifyOptions, jwtVerify } from 'jose';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { authorize, redeem, requestUrl, userinfo } from '../support/code-flow.ts';
import { type TestServer, testServer } from '../support/server.ts';

describe('jose: every signature', () => {
  let server: TestServer;
  let keys: ReturnType<typeof createRemoteJWKSet>;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
  });

  const verify = (jwt: string, audience: string, options: JWTVerifyOptions = {}) =>
    jwtVerify(jwt, keys, { issuer: server.url, audience, ...options });

  for (const alg of ['RS256', 'ES256']) {
    it(`of ID tokens and userinfo in ${alg}, when the client asks for it`, async () => {
      const client = await createClient(server, {
        id_token_signed_response_alg: alg,
        userinfo_signed_response_alg: alg,
      });
      const flow = await authorize(server, client, { nonce: 'nonce-1', scope: 'openid email' }, agent);
      const { body } = await redeem(server, client, flow);
      const idToken = await verify(body.id_token ?? '', client.id, { algorithms: [alg], maxTokenAge: 60 });
      expect(idToken.payload).to.include({ sub: '1', nonce: 'nonce-1' });
      expect(idToken.protectedHeader.kid).to.be.a('string');

      const answer = await userinfo(server, body.access_token);
      expect(answer.headers.get('content-type')).to.match(/^application\/jwt/);
      const { payload } = await verify(await answer.text(), client.id, { algorithms: [alg] });
      expect(payload).to.include({ sub: '1', email: 'somchai@example.com' });
    });

    it(`of authorization responses in ${alg}`, async () => {
      const client = await createClient(server, { authorization_signed_response_alg: alg });
      const { back } = await authorize(server, client, { response_mode: 'jwt' }, agent);
      const response = back.searchParams.get('response') ?? '';
      const { payload } = await verify(response, client.id, { algorithms: [alg], requiredClaims: ['exp'] });
      expect(payload).to.include({ state: 'state-1' });
      expect(payload.code).to.be.a('string');
    });
  }

  it('of a refusal, too', async () => {
    const client = await createClient(server);
    const answer = await new BrowserAgent().follow(
      requestUrl(server, client, { response_mode: 'query.jwt', prompt: 'none' }),
    );
    const back = new URL(answer.headers.get('location') ?? '');
    const { payload } = await verify(back.searchParams.get('response') ?? '', client.id);
    expect(payload).to.include({ error: 'login_required', state: 'state-1' });
  });

  it('of ID tokens is RS256 for a client that asks for nothing', async () => {
    const client = await createClient(server);
    const { body } = await redeem(server, client, await authorize(server, client, {}, agent));
    expect(decodeProtectedHeader(body.id_token ?? '').alg).to.equal('RS256');
  });
});
