import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

const API = 'http://localhost:8080/api';
const http = { [oauth.allowInsecureRequests]: true };

describe('oauth4webapi', () => {
  let server: TestServer;
  let registered: TestClient;
  let as: oauth.AuthorizationServer;
  let client: oauth.Client;
  let auth: oauth.ClientAuth;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    registered = await createClient(server, { token_endpoint_auth_method: 'client_secret_post' });
    client = { client_id: registered.id };
    auth = oauth.ClientSecretPost(registered.secret);
    const issuer = new URL(server.url);
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
  });

  /** Runs the code flow and checks each step. */
  async function signIn(more: Record<string, string> = {}): Promise<oauth.TokenEndpointResponse> {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, expectedNonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const query = new URLSearchParams({
      client_id: registered.id,
      redirect_uri: registered.redirectUri,
      response_type: 'code',
      scope: 'openid email offline_access',
      prompt: 'consent',
      max_age: '600',
      state,
      nonce: expectedNonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    });
    const back = await signInOnPages(agent, `${as.authorization_endpoint}?${query}`);
    const params = oauth.validateAuthResponse(as, client, back, state);
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      auth,
      params,
      registered.redirectUri,
      verifier,
      { ...http, additionalParameters: more.resource ? { resource: more.resource } : {} },
    );
    return oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce,
      maxAge: 600,
      requireIdToken: true,
    });
  }

  it('also finds the metadata of RFC 8414, which is the same', async () => {
    const issuer = new URL(server.url);
    const answer = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' });
    expect(await oauth.processDiscoveryResponse(issuer, answer)).to.deep.equal(as);
  });

  it('signs in, reads userinfo, introspects and revokes', async () => {
    const tokens = await signIn();
    const { access_token: token } = tokens;
    const sub = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '';
    const asked = await oauth.userInfoRequest(as, client, token, http);
    const claims = await oauth.processUserInfoResponse(as, client, sub, asked);
    expect(claims.email).to.equal('somchai@example.com');

    const introspect = async () =>
      oauth.processIntrospectionResponse(
        as,
        client,
        await oauth.introspectionRequest(as, client, auth, token, http),
      );
    expect(await introspect()).to.include({ active: true, client_id: registered.id, sub });

    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, http));
    expect(await introspect()).to.deep.equal({ active: false });
    expect((await oauth.userInfoRequest(as, client, token, http)).status).to.equal(401);
  });

  it('refreshes with the ID token of the same sign-in', async () => {
    const tokens = await signIn();
    const answer = await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token ?? '', http);
    const next = await oauth.processRefreshTokenResponse(as, client, answer);
    const [before, after] = [tokens, next].map((one) => oauth.getValidatedIdTokenClaims(one));
    expect(after).to.include({ sub: before?.sub, auth_time: before?.auth_time });
    expect(next.refresh_token).to.equal(tokens.refresh_token);
  });

  it('finds a JWT access token of RFC 9068 for the resource that was requested', async () => {
    const { access_token: token } = await signIn({ resource: API, scope: 'openid api:read' });
    const request = new Request(`${API}/things`, { headers: { authorization: `Bearer ${token}` } });
    const claims = await oauth.validateJwtAccessToken(as, request, API, {
      ...http,
      signingAlgorithms: ['ES256'],
    });
    expect(claims).to.include({ client_id: registered.id, scope: 'api:read', sub: '1', aud: API });
    expect(claims.exp - claims.iat).to.equal(300);
    const other = await oauth
      .validateJwtAccessToken(as, request, 'http://localhost:8080/other', http)
      .catch((failure) => failure);
    expect(other).to.be.instanceOf(oauth.OperationProcessingError);
  });
});
