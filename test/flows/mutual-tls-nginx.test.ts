import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { Agent, fetch as undici } from 'undici';
import { sha256 } from '../../src/lib/sha256.ts';
import { completeFapi } from '../../src/oidc/fapi/registration.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { LOCALHOST, trustLocalhost } from '../support/certificate.ts';
import { CERTIFICATES } from '../support/client-certificates.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { freePort } from '../support/free-port.ts';
import { documentedBlock, NGINX, startNginx } from '../support/nginx.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

type Name = 'client' | 'other' | 'own';

describe('mutual TLS behind nginx, as docs/mtls.md sets it up', () => {
  if (!NGINX) {
    it('(nginx is not installed)');
    return;
  }

  let server: TestServer;
  let issuer: string;
  let origin: string;
  let as: oauth.AuthorizationServer;
  let distrust: () => void;

  before(async () => {
    distrust = trustLocalhost();
    const [port, plainPort, mutualPort] = [await freePort(), await freePort(), await freePort()];
    issuer = `https://localhost:${plainPort}`;
    origin = `https://localhost:${mutualPort}`;
    server = await startServer({
      server: { issuer, port, trustProxy: 1 },
      mutualTls: { header: 'nginx', proxies: ['127.0.0.1/32'], host: `localhost:${mutualPort}` },
    });
    const adapted = (block: string, folder: string, listen: number): string =>
      block
        .replace('listen 443 ssl', `listen 127.0.0.1:${listen} ssl`)
        .replaceAll(/\/etc\/ssl\//g, `${folder}/`)
        .replaceAll('$host;', '$http_host;')
        .replace(/upstream pratu \{[\s\S]*?\}/, `upstream pratu { server 127.0.0.1:${port}; keepalive 32; }`);
    const [plain, mutual] = [await documentedBlock('production.md'), await documentedBlock('mtls.md')];
    await startNginx((folder) => adapted(plain, folder, plainPort) + adapted(mutual, folder, mutualPort), {
      port: mutualPort,
      files: {
        'id.example.com.pem': LOCALHOST.cert,
        'id.example.com.key': LOCALHOST.key,
        'client-authorities.pem': CERTIFICATES.authority.cert,
      },
    });
    as = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  });

  after(() => distrust());

  /** The options of oauth4webapi for a client that presents a certificate, or none. */
  const showing = (name?: Name) => {
    const dispatcher = new Agent({ connect: { ca: LOCALHOST.cert, ...(name ? CERTIFICATES[name] : {}) } });
    return {
      [oauth.customFetch]: ((url: string, options: object) =>
        undici(url, { ...options, dispatcher } as never)) as never,
    };
  };

  const forBank = completeFapi({
    fapi_profile: '2.0',
    redirect_uris: ['https://rp.example/cb'],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=Bank App,O=Example Co\\, Ltd.,C=TH',
    tls_client_certificate_bound_access_tokens: true,
  });
  const clientOf = ({ id }: TestClient): oauth.Client => ({ client_id: id, use_mtls_endpoint_aliases: true });

  it('signs a person in for a FAPI 2.0 client with a verified certificate, and binds its tokens', async () => {
    const registered = await createClient(server, forBank);
    const client = clientOf(registered);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const pushed = await oauth.pushedAuthorizationRequest(
      ...([as, client, oauth.TlsClientAuth()] as const),
      {
        response_type: 'code',
        redirect_uri: registered.redirectUri,
        scope: 'openid email',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      },
      showing('client'),
    );
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed);
    const query = new URLSearchParams({ client_id: registered.id, request_uri });
    const back = await signInOnPages(new BrowserAgent(), `${as.authorization_endpoint}?${query}`);
    const params = oauth.validateAuthResponse(as, client, back, state);
    const redeem = (name?: Name) =>
      oauth.authorizationCodeGrantRequest(
        ...([as, client, oauth.TlsClientAuth(), params, registered.redirectUri, verifier] as const),
        showing(name),
      );
    expect((await redeem('other')).status).to.equal(401);
    expect((await redeem()).status).to.equal(401);
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, await redeem('client'), {
      requireIdToken: true,
    });
    const { sub = '' } = oauth.getValidatedIdTokenClaims(tokens) ?? {};
    const userinfo = (name?: Name) => oauth.userInfoRequest(as, client, tokens.access_token, showing(name));
    const claims = await oauth.processUserInfoResponse(as, client, sub, await userinfo('client'));
    expect(claims.email).to.equal('somchai@example.com');
    for (const name of ['other', undefined] as const) {
      const refused = await userinfo(name).catch((error) => error);
      expect(refused.status).to.equal(401);
    }
  });

  it('recognises a client by its own certificate, and by no other', async () => {
    const { publicKey, raw } = new X509Certificate(CERTIFICATES.own.cert);
    const registered = await createClient(server, {
      ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: '' },
      client_credentials_scope: 'api:read',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      tls_client_certificate_bound_access_tokens: true,
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] }] },
    });
    const client = clientOf(registered);
    const request = (name?: Name) =>
      oauth.clientCredentialsGrantRequest(
        ...([as, client, oauth.TlsClientAuth()] as const),
        { resource: 'http://localhost:8080/api', scope: 'api:read' },
        showing(name),
      );
    const { access_token } = await oauth.processClientCredentialsResponse(as, client, await request('own'));
    const [, payload = ''] = access_token.split('.');
    const { cnf } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(cnf).to.deep.equal({ 'x5t#S256': sha256(raw).toString('base64url') });
    expect((await request('client')).status).to.equal(401);
  });

  it('takes no certificate that a caller writes into a header, on either host', async () => {
    const { id } = await createClient(server, { ...forBank, grant_types: ['authorization_code'] });
    const forged = {
      'x-ssl-client-cert': encodeURIComponent(CERTIFICATES.client.cert),
      'x-ssl-client-verify': 'SUCCESS',
      'x-forwarded-client-cert': `Cert="${encodeURIComponent(CERTIFICATES.client.cert)}"`,
    };
    for (const at of [issuer, origin]) {
      const body = new URLSearchParams({ client_id: id });
      const answer = await fetch(`${at}/oauth/par`, { method: 'POST', body, headers: forged });
      expect([answer.status, (await answer.json()).error], at).to.deep.equal([401, 'invalid_client']);
    }
  });

  const handshake = (at: string, options: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const port = Number(new URL(at).port);
      const socket = connect({ host: 'localhost', port, ca: LOCALHOST.cert, ...options }, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.end();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });

  it('speaks TLS 1.3, and TLS 1.2 with the ciphers of BCP 195 only', async () => {
    const ciphers = 'ALL:@SECLEVEL=0';
    for (const at of [issuer, origin]) {
      expect(await handshake(at, {})).to.match(/^TLSv1\.3 /);
      expect(await handshake(at, { maxVersion: 'TLSv1.2' })).to.match(/^TLSv1\.2 ECDHE-ECDSA-AES\d+-GCM/);
      for (const version of ['TLSv1', 'TLSv1.1'] as const) {
        const old = await handshake(at, { minVersion: version, maxVersion: version, ciphers });
        expect(old).to.equal('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
      }
      for (const cipher of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-GCM-SHA256']) {
        const weak = await handshake(at, { maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0` });
        expect(weak, cipher).to.match(/^ERR_SSL_.*HANDSHAKE_FAILURE$/);
      }
    }
  });
});
