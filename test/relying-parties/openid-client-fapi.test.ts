import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { fapiClient } from '../oidc/fapi/fapi-client.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

describe('openid-client: FAPI 2.0 Security Profile and Message Signing', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  it('signs a person in by a signed pushed request, a JWT response and bound tokens', async () => {
    const registered = await fapiClient(server, { require_signed_request_object: true });
    const key = { key: registered.key.privateKey, kid: 'sig-1' };
    const config = await discover(server, registered, client.PrivateKeyJwt(key), {
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
    });
    client.useJwtResponseMode(config);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const state = client.randomState();
    const signed = await client.buildAuthorizationUrlWithJAR(
      config,
      {
        redirect_uri: registered.redirectUri,
        scope: 'openid email offline_access',
        prompt: 'consent',
        state,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      },
      key,
    );
    const url = await client.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP });
    const back = await signInOnPages(new BrowserAgent(), url.href);
    const checks = { pkceCodeVerifier, expectedState: state };
    const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
    expect(tokens.token_type).to.equal('dpop');
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).to.equal('ES256');
    const { email } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '', {
      DPoP,
    });
    expect(email).to.equal('somchai@example.com');
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP });
    expect(next.token_type).to.equal('dpop');
  });
});
