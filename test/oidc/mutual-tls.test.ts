import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { sha256 } from '../../src/lib/sha256.ts';
import { CERTIFICATES } from '../support/client-certificates.ts';
import { createClient, initialAccessToken, type TestClient } from '../support/clients.ts';
import { authorize, OFFLINE } from '../support/code-flow.ts';
import { startServer, type TestServer, testServer } from '../support/server.ts';
import { tokenRequest } from '../support/sign-in.ts';

type Name = Exclude<keyof typeof CERTIFICATES, 'authority'>;

const PROXIES = ['127.0.0.1/32', '::1/128'];
const RESOURCE = 'http://localhost:8080/api';

/** The headers that nginx sends for a certificate. */
const shown = (name: Name, verify = 'SUCCESS'): Record<string, string> => ({
  'x-ssl-client-cert': encodeURIComponent(CERTIFICATES[name].cert),
  'x-ssl-client-verify': verify,
});

const thumbprintOf = (name: Name): string =>
  sha256(new X509Certificate(CERTIFICATES[name].cert).raw).toString('base64url');

const x5cOf = (name: Name) => {
  const { publicKey, raw } = new X509Certificate(CERTIFICATES[name].cert);
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] }] };
};

describe('mutual TLS (RFC 8705)', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({
      mutualTls: { header: 'nginx', proxies: PROXIES, host: 'mtls.localhost:1' },
      server: { trustProxy: 1 },
    });
  });

  const SERVICE = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: '' };
  const service = (metadata: object): Promise<TestClient> =>
    createClient(server, { ...SERVICE, client_credentials_scope: 'api:read', ...metadata });

  const grant = async ({ id }: TestClient, headers: Record<string, string> = {}, url = server.url) => {
    const fields = { client_id: id, grant_type: 'client_credentials', resource: RESOURCE, scope: 'api:read' };
    const { status, body } = await tokenRequest(url, fields, headers);
    return { outcome: status === 200 ? 'token' : `${status} ${body.error}`, token: body.access_token };
  };

  const SUBJECTS: [string, string][] = [
    ['tls_client_auth_subject_dn', 'CN=Bank App,O=Example Co\\, Ltd.,C=TH'],
    ['tls_client_auth_san_dns', 'client.example'],
    ['tls_client_auth_san_uri', 'https://client.example/id'],
    ['tls_client_auth_san_ip', '192.0.2.7'],
    ['tls_client_auth_san_email', 'app@client.example'],
  ];
  for (const [member, value] of SUBJECTS)
    it(`knows a client by ${member} in a verified certificate`, async () => {
      const client = await service({ token_endpoint_auth_method: 'tls_client_auth', [member]: value });
      expect((await grant(client, shown('client'))).outcome).to.equal('token');
      expect((await grant(client, shown('other'))).outcome).to.equal('401 invalid_client');
      expect((await grant(client, shown('client', 'FAILED:expired'))).outcome).to.equal('401 invalid_client');
      expect((await grant(client, shown('client', 'NONE'))).outcome).to.equal('401 invalid_client');
      expect((await grant(client)).outcome).to.equal('401 invalid_client');
    });

  it('recognises a client by a registered certificate that the proxy did not verify', async () => {
    const client = await service({
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: x5cOf('own'),
    });
    expect((await grant(client, shown('own', 'FAILED:self-signed'))).outcome).to.equal('token');
    expect((await grant(client, shown('client'))).outcome).to.equal('401 invalid_client');
    expect((await grant(client)).outcome).to.equal('401 invalid_client');
  });

  it('binds a JWT access token to the certificate, of a client with a secret too', async () => {
    const bound = { tls_client_certificate_bound_access_tokens: true };
    const client = await service({
      ...bound,
      token_endpoint_auth_method: 'tls_client_auth',
      ...Object.fromEntries(SUBJECTS.slice(0, 1)),
    });
    const { token } = await grant(client, shown('client'));
    expect(decodeJwt(token).cnf).to.deep.equal({ 'x5t#S256': thumbprintOf('client') });
    const secretive = await service(bound);
    const basic = `Basic ${Buffer.from(`${secretive.id}:${secretive.secret}`).toString('base64')}`;
    expect((await grant(secretive, { authorization: basic })).outcome).to.equal('400 invalid_grant');
    const { token: other } = await grant(secretive, { authorization: basic, ...shown('own', 'FAILED:x') });
    expect(decodeJwt(other).cnf).to.deep.equal({ 'x5t#S256': thumbprintOf('own') });
  });

  describe('of a person’s tokens', () => {
    let client: TestClient;
    let tokens: { access_token: string; refresh_token?: string };

    before(async () => {
      client = await createClient(server, {
        first_party: true,
        scope: 'openid offline_access global',
        token_endpoint_auth_method: 'none',
        tls_client_certificate_bound_access_tokens: true,
      });
      const { code, verifier } = await authorize(server, client, {
        ...OFFLINE,
        scope: 'openid offline_access global',
      });
      const fields = {
        ...{ client_id: client.id, grant_type: 'authorization_code', code },
        ...{ redirect_uri: client.redirectUri, code_verifier: verifier },
      };
      const { status, body } = await tokenRequest(server.url, fields, shown('client'));
      expect(status).to.equal(200);
      expect(body.token_type).to.equal('Bearer');
      tokens = body;
    });

    for (const path of ['/oauth/userinfo', '/customers'])
      it(`opens ${path} with the same certificate only`, async () => {
        const statusOf = async (headers: Record<string, string>): Promise<number> => {
          const authorization = `Bearer ${tokens.access_token}`;
          return (await fetch(`${server.url}${path}`, { headers: { authorization, ...headers } })).status;
        };
        expect(await statusOf(shown('client'))).to.equal(200);
        expect(await statusOf(shown('client', 'FAILED:whatever'))).to.equal(200);
        expect(await statusOf(shown('other'))).to.equal(401);
        expect(await statusOf({})).to.equal(401);
      });

    it('refreshes with the same certificate only', async () => {
      const fields = {
        ...{ client_id: client.id, grant_type: 'refresh_token' },
        refresh_token: tokens.refresh_token ?? '',
      };
      for (const headers of [{}, shown('other')]) {
        const { status, body } = await tokenRequest(server.url, fields, headers);
        expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
      }
      expect((await tokenRequest(server.url, fields, shown('client'))).status).to.equal(200);
    });

    it('says at the introspection which certificate they are bound to', async () => {
      const own = new URLSearchParams({ token: tokens.access_token, client_id: client.id });
      const answer = await fetch(`${server.url}/oauth/introspect`, {
        method: 'POST',
        body: own,
        headers: shown('client'),
      });
      expect((await answer.json()).cnf).to.deep.equal({ 'x5t#S256': thumbprintOf('client') });
    });
  });

  it('opens the Admin API with the same certificate only', async () => {
    const admin = await createClient(server, {
      ...SERVICE,
      client_credentials_scope: 'admin:accounts:read',
      ...{ token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'client.example' },
      tls_client_certificate_bound_access_tokens: true,
    });
    const { body } = await tokenRequest(
      server.url,
      {
        ...{ client_id: admin.id, grant_type: 'client_credentials' },
        ...{ resource: `${server.url}/admin`, scope: 'admin:accounts:read' },
      },
      shown('client'),
    );
    const statusWith = async (headers: Record<string, string>): Promise<number> => {
      const authorization = `Bearer ${body.access_token}`;
      const url = `${server.url}/admin/v1/accounts?email=somchai@example.com`;
      return (await fetch(url, { headers: { authorization, ...headers } })).status;
    };
    expect(await statusWith(shown('client'))).to.equal(200);
    expect([await statusWith(shown('other')), await statusWith({})]).to.deep.equal([401, 401]);
  });

  it('accepts no certificate from a caller that is not a proxy', async () => {
    const strict = await startServer({
      mutualTls: { header: 'nginx', proxies: ['192.0.2.0/24'] },
      server: { trustProxy: 1 },
    });
    const client = await createClient(strict, {
      ...SERVICE,
      client_credentials_scope: 'api:read',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example',
    });
    expect((await grant(client, shown('client'), strict.url)).outcome).to.equal('401 invalid_client');
    await strict.stop();
  });

  it('tells clients where to go with their certificates', async () => {
    const metadata = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json();
    expect(metadata.tls_client_certificate_bound_access_tokens).to.equal(true);
    expect(metadata.token_endpoint_auth_methods_supported).to.include.members([
      ...['tls_client_auth', 'self_signed_tls_client_auth'],
    ]);
    expect(metadata.mtls_endpoint_aliases).to.deep.equal({
      token_endpoint: 'http://mtls.localhost:1/oauth/token',
      pushed_authorization_request_endpoint: 'http://mtls.localhost:1/oauth/par',
      introspection_endpoint: 'http://mtls.localhost:1/oauth/introspect',
      revocation_endpoint: 'http://mtls.localhost:1/oauth/revoke',
      device_authorization_endpoint: 'http://mtls.localhost:1/oauth/device',
      userinfo_endpoint: 'http://mtls.localhost:1/oauth/userinfo',
    });
  });

  it('is what a client may register itself for', async () => {
    const register = async (metadata: object) => {
      const answer = await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await initialAccessToken(server)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], ...metadata }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const members = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example',
      tls_client_certificate_bound_access_tokens: true,
    };
    const { status, body } = await register({ ...members, fapi_profile: '2.0' });
    expect(status).to.equal(201);
    expect(body).to.include({ ...members, id_token_signed_response_alg: 'ES256' });
    expect(body).to.include({ dpop_bound_access_tokens: false }).and.not.have.property('client_secret');
    for (const wrong of [
      { tls_client_auth_san_dns: undefined },
      { tls_client_auth_subject_dn: 'CN=a' },
      { dpop_bound_access_tokens: true },
    ])
      expect((await register({ ...members, ...wrong })).body.error).to.equal('invalid_client_metadata');
  });

  it('is off unless set: nothing announces it, and no client can be registered with it', async () => {
    const plain = await testServer();
    const metadata = await (await fetch(`${plain.url}/.well-known/openid-configuration`)).json();
    expect(JSON.stringify(metadata)).to.not.match(/mtls|tls_client/);
    const client = await createClient(plain, {
      ...SERVICE,
      client_credentials_scope: 'api:read',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example',
    });
    expect((await grant(client, shown('client'), plain.url)).outcome).to.equal('400 invalid_client_metadata');
  });
});
