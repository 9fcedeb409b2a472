import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CERTIFICATES } from '../support/client-certificates.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { basic } from '../support/code-flow.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI, tokenRequest } from '../support/sign-in.ts';

const GRANT = { grant_type: 'password', username: SOMCHAI.login, password: SOMCHAI.password };
const BOUND = { tls_client_certificate_bound_access_tokens: true };

/** The headers that nginx sends for a certificate. */
const shown = (name: 'client' | 'other'): Record<string, string> => ({
  'x-ssl-client-cert': encodeURIComponent(CERTIFICATES[name].cert),
  'x-ssl-client-verify': 'SUCCESS',
});

describe('mutual TLS, outside of the code grant', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({
      mutualTls: { header: 'nginx', proxies: ['127.0.0.1/32', '::1/128'] },
      server: { trustProxy: 1 },
    });
  });
  after(() => server.stop());

  const statusAt = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await fetch(`${server.url}${path}`, { headers })).status;

  const app = (metadata: object = {}): Promise<TestClient> =>
    createClient(server, {
      ...{ first_party: true, scope: 'openid global', redirect_uris: [], response_types: [] },
      ...{ grant_types: ['password', 'refresh_token'], ...BOUND, ...metadata },
    });

  it('binds the tokens of the password grant, of public clients also the refresh token', async () => {
    const { id } = await app({ token_endpoint_auth_method: 'none' });
    const fields = { ...GRANT, client_id: id };
    const without = await tokenRequest(server.url, fields);
    expect([without.status, without.body.error]).to.deep.equal([400, 'invalid_grant']);
    const { status, body } = await tokenRequest(server.url, fields, shown('client'));
    expect([status, body.token_type]).to.deep.equal([200, 'bearer']);
    const authorization = `Bearer ${body.access_token}`;
    expect(await statusAt('/customers', { authorization, ...shown('client') })).to.equal(200);
    expect(await statusAt('/customers', { authorization, ...shown('other') })).to.equal(401);
    expect(await statusAt('/customers', { authorization })).to.equal(401);
    const again = { client_id: id, grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' };
    expect((await tokenRequest(server.url, again, shown('other'))).body.error).to.equal('invalid_grant');
    expect((await tokenRequest(server.url, again, shown('client'))).status).to.equal(200);
  });

  it('binds no token to a certificate and to a key: routes of ours check one of them', async () => {
    const client = await app();
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const dpop = await new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${server.url}/oauth/token` })
      .setIssuedAt()
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    const headers = { authorization: basic(client), dpop, ...shown('client') };
    const { status, body } = await tokenRequest(server.url, GRANT, headers);
    expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
  });

  it('is announced for our own APIs (RFC 9728)', async () => {
    for (const path of ['', '/admin']) {
      const answer = await fetch(`${server.url}/.well-known/oauth-protected-resource${path}`);
      expect((await answer.json()).tls_client_certificate_bound_access_tokens).to.equal(true);
    }
  });

  it('has an alias for backchannel authentication, where that is on', async () => {
    const both = await startServer({
      ciba: { enabled: true },
      mutualTls: { header: 'nginx', proxies: ['127.0.0.1/32'], host: 'mtls.localhost:1' },
      server: { trustProxy: 1 },
    });
    const metadata = await (await fetch(`${both.url}/.well-known/openid-configuration`)).json();
    expect(metadata.mtls_endpoint_aliases.backchannel_authentication_endpoint).to.equal(
      'http://mtls.localhost:1/oauth/backchannel',
    );
    await both.stop();
  });
});
