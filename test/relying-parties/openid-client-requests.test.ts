import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

describe('openid-client: protected requests and responses', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  async function parameters(redirectUri: string) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    return {
      checks: { pkceCodeVerifier, expectedState: 'state-of-par', idTokenExpected: true },
      params: {
        redirect_uri: redirectUri,
        scope: 'openid email',
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: 'state-of-par',
      },
    };
  }

  it('pushes its request', async () => {
    const registered = await createClient(server, { require_pushed_authorization_requests: true });
    const config = await discover(server, registered);
    const { params, checks } = await parameters(registered.redirectUri);
    const url = await client.buildAuthorizationUrlWithPAR(config, params);
    expect([...url.searchParams.keys()]).to.have.members(['client_id', 'request_uri']);
    const back = await signInOnPages(new BrowserAgent(), url.href);
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()?.sub).to.equal('1');

    const reused = await new BrowserAgent().follow(url.href);
    expect(reused.headers.get('location')).to.equal(null);
    expect(reused.status).to.equal(400);
  });

  it('is refused without pushing when it has to', async () => {
    const registered = await createClient(server, { require_pushed_authorization_requests: true });
    const config = await discover(server, registered);
    const { params } = await parameters(registered.redirectUri);
    const answer = await new BrowserAgent().follow(client.buildAuthorizationUrl(config, params).href);
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.searchParams.get('error')).to.equal('invalid_request');
  });

  it('signs its request (JAR)', async () => {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'jar', alg: 'ES256', use: 'sig' };
    const registered = await createClient(server, {
      jwks: { keys: [jwk] },
      request_object_signing_alg: 'ES256',
    });
    const config = await discover(server, registered);
    const { params, checks } = await parameters(registered.redirectUri);
    const key = { key: keys.privateKey, kid: 'jar' };
    const url = await client.buildAuthorizationUrlWithJAR(config, params, key);
    expect([...url.searchParams.keys()]).to.have.members(['client_id', 'request']);
    const back = await signInOnPages(new BrowserAgent(), url.href);
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    expect(tokens.scope).to.equal('openid email');

    const other = await generateKeyPair('ES256');
    const forged = await client.buildAuthorizationUrlWithJAR(config, params, {
      key: other.privateKey,
      kid: 'jar',
    });
    const refused = await new BrowserAgent().follow(forged.href);
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.include('invalid_request_object');
  });

  it('gets a signed response (JARM)', async () => {
    const registered = await createClient(server, { authorization_signed_response_alg: 'ES256' });
    const config = await discover(server, registered, undefined, {
      authorization_signed_response_alg: 'ES256',
    });
    client.useJwtResponseMode(config);
    const { params, checks } = await parameters(registered.redirectUri);
    const url = client.buildAuthorizationUrl(config, params);
    const back = await signInOnPages(new BrowserAgent(), url.href);
    expect([...back.searchParams.keys()]).to.deep.equal(['response']);
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()?.sub).to.equal('1');
  });
});
