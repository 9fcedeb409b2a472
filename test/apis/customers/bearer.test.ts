import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { authorize, redeem, tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT, SOMCHAI, tokenRequest } from '../../support/sign-in.ts';
import { bearer, customersClient } from './customers-client.ts';

const PROTECTED: [method: 'GET' | 'POST', path: string][] = [
  ['GET', '/customers'],
  ['GET', '/customers/image'],
  ['POST', '/customers/image/upload'],
  ['POST', '/logout'],
  ['POST', '/update-profile'],
  ['POST', '/update-password'],
  ['POST', '/update-mobile'],
  ['POST', '/pre-update-email'],
  ['POST', '/update-email'],
];

describe('Customers API: access tokens', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let unknown: { status: number; body: object };

  before(async () => {
    server = await testServer();
    api = customersClient(server);
    unknown = await answerTo({ authorization: 'Bearer unknown' });
  });

  const answerTo = async (headers: Record<string, string>, path = '/customers') => {
    const { status, body } = await api.call('GET', path, { headers });
    return { status, body };
  };

  for (const [method, path] of PROTECTED) {
    it(`are needed at ${method} ${path}`, async () => {
      for (const authorization of ['', 'Bearer unknown', BASIC_CLIENT]) {
        const answer = await api.call(method, path, { headers: { authorization } });
        expect(answer.status).to.equal(401);
        expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
        expect(answer.body).to.have.keys('error', 'error_description');
      }
      const { access_token } = await tokensFor(server, await createClient(server), {});
      const weak = await api.call(method, path, { headers: bearer(access_token) });
      expect(weak.status).to.equal(403);
      expect(weak.body.error).to.equal('insufficient_scope');
      expect(weak.headers.get('www-authenticate')).to.match(/^Bearer error="insufficient_scope"/);
    });
  }

  it('are checked before the body is', async () => {
    const answer = await api.call('POST', '/update-profile', { body: '{' });
    expect(answer.status).to.equal(401);
  });

  it('come with the scheme in any case, and never in the query', async () => {
    const token = await api.token(SOMCHAI.login);
    for (const scheme of ['bearer', 'BEARER', 'Bearer'])
      expect((await answerTo({ authorization: `${scheme} ${token}` })).status).to.equal(200);
    expect(await answerTo({}, `/customers?access_token=${token}`)).to.deep.equal(unknown);
    for (const authorization of [token, `DPoP ${token}`, `Bearer ${token} x`, 'Bearer'])
      expect(await answerTo({ authorization }), authorization).to.deep.equal(unknown);
  });

  it('that are over, revoked or of a suspended account get one answer', async () => {
    const over = await api.customer();
    const { accessToken: revoked } = await api.customer();
    await api.call('POST', '/oauth/revoke', {
      body: new URLSearchParams({ token: revoked }),
      headers: { authorization: BASIC_CLIENT },
    });
    const suspended = await api.customer();
    await server.domain.lifecycle.suspend(suspended.id);
    for (const headers of [bearer(revoked), suspended.bearer, bearer(over.refreshToken)])
      expect(await answerTo(headers)).to.deep.equal(unknown);
    expect((await answerTo(over.bearer)).status).to.equal(200);
    await moveClock(server.database, 43_201);
    expect(await answerTo(over.bearer)).to.deep.equal(unknown);
  });

  it('that are bound to a key are none of ours, also with the scheme Bearer', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const proof = await new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${server.url}/oauth/token` })
      .setIssuedAt()
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    const client = await createClient(server, {
      token_endpoint_auth_method: 'none',
      first_party: true,
      scope: 'openid global',
    });
    const { code, verifier } = await authorize(server, client, { scope: 'openid global' });
    const { body } = await tokenRequest(
      server.url,
      {
        grant_type: 'authorization_code',
        client_id: client.id,
        code,
        redirect_uri: client.redirectUri,
        code_verifier: verifier,
      },
      { dpop: proof },
    );
    expect(body.token_type).to.match(/^dpop$/i);
    expect(await answerTo(bearer(body.access_token))).to.deep.equal(unknown);
    expect(await answerTo({ authorization: `DPoP ${body.access_token}` })).to.deep.equal(unknown);
  });

  for (const resource of ['http://localhost:8080/api', 'http://localhost:8080/opaque']) {
    it(`that are for ${resource} are none of ours`, async () => {
      const client = await createClient(server);
      const flow = await authorize(server, client, { scope: 'openid api:read', resource });
      const { body } = await redeem(server, client, flow, { resource });
      expect(await answerTo(bearer(body.access_token))).to.deep.equal(unknown);
    });
  }

  it('of a client without an account are none of ours', async () => {
    const { body } = await tokenRequest(server.url, {
      grant_type: 'client_credentials',
      client_id: 'service',
      client_secret: 'service-secret',
    });
    expect(await answerTo(bearer(body.access_token))).to.deep.equal(unknown);
  });
});
