import { expect } from 'chai';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

describe('openid-client: the code flow', () => {
  let server: TestServer;
  let registered: TestClient;
  let config: client.Configuration;

  before(async () => {
    server = await testServer();
    registered = await createClient(server, { rotate_refresh_tokens: true });
    config = await discover(server, registered);
  });

  async function signIn(agent = new BrowserAgent()) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: registered.redirectUri,
      scope: 'openid profile email offline_access',
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    });
    const back = await signInOnPages(agent, url.href);
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    return { back, checks };
  }

  it('finds PKCE and every endpoint in the metadata', () => {
    const metadata = config.serverMetadata();
    expect(metadata.issuer).to.equal(server.url);
    expect(metadata.supportsPKCE()).to.equal(true);
    expect(metadata.authorization_response_iss_parameter_supported).to.equal(true);
  });

  it('ends with tokens that it accepts and userinfo of the same person', async () => {
    const { back, checks } = await signIn();
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    const claims = tokens.claims();
    expect(claims).to.include({ iss: server.url, aud: registered.id, sub: '1' });
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
    expect(userinfo).to.include({ sub: '1', email: 'somchai@example.com', email_verified: true });
  });

  it('refuses a code that was exchanged before', async () => {
    const { back, checks } = await signIn();
    await client.authorizationCodeGrant(config, back, checks);
    const again = await client.authorizationCodeGrant(config, back, checks).catch((error) => error);
    expect(again).to.be.instanceOf(client.ResponseBodyError);
    expect(again).to.include({ error: 'invalid_grant', status: 400 });
  });

  it('refreshes, and rotates because its registration asks for it', async () => {
    const { back, checks } = await signIn();
    const first = await client.authorizationCodeGrant(config, back, checks);
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? '');
    expect(second.refresh_token).to.be.a('string').that.does.not.equal(first.refresh_token);
    expect(second.access_token).to.not.equal(first.access_token);
    expect(second.claims()).to.include({ sub: '1', auth_time: first.claims()?.auth_time });

    const third = await client.refreshTokenGrant(config, second.refresh_token ?? '');
    expect(third.refresh_token).to.not.equal(second.refresh_token);
    // the first token is two steps old now, so its sender is not the client
    const stolen = await client.refreshTokenGrant(config, first.refresh_token ?? '').catch((error) => error);
    expect(stolen).to.include({ error: 'invalid_grant' });
    const after = await client.refreshTokenGrant(config, third.refresh_token ?? '').catch((error) => error);
    expect(after).to.include({ error: 'invalid_grant' });
  });

  it('is told of a refusal in a way that it understands', async () => {
    const agent = new BrowserAgent();
    const state = client.randomState();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: registered.redirectUri,
      scope: 'openid',
      prompt: 'none',
      state,
    });
    const answer = await agent.follow(url.href);
    const back = new URL(answer.headers.get('location') ?? '');
    const error = await client
      .authorizationCodeGrant(config, back, { expectedState: state })
      .catch((failure) => failure);
    expect(error).to.be.instanceOf(client.AuthorizationResponseError);
    expect(error).to.include({ error: 'login_required' });
  });
});
