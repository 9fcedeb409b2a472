import { expect } from 'chai';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { initialAccessToken } from '../support/clients.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

const REDIRECT_URI = 'https://rp.example/cb';

describe('openid-client: dynamic registration', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  const register = async (initial: string): Promise<client.Configuration> =>
    client.dynamicClientRegistration(
      new URL(server.url),
      { redirect_uris: [REDIRECT_URI], client_name: 'Registered by itself' },
      undefined,
      { initialAccessToken: initial, execute: [client.allowInsecureRequests] },
    );

  /** Sends a request to the management endpoint of RFC 7592. */
  const manage = (
    config: client.Configuration,
    method: string,
    metadata?: object,
    token = config.clientMetadata().registration_access_token,
  ): Promise<Response> =>
    fetch(String(config.clientMetadata().registration_client_uri), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(metadata ? { 'content-type': 'application/json' } : {}),
      },
      ...(metadata ? { body: JSON.stringify(metadata) } : {}),
    });

  it('makes a client that signs people in', async () => {
    const config = await register(await initialAccessToken(server));
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const back = await signInOnPages(new BrowserAgent(), url.href);
    const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier });
    expect(tokens.access_token).to.be.a('string');
  });

  it('is managed with the token that came with it', async () => {
    const config = await register(await initialAccessToken(server));
    const read = await manage(config, 'GET');
    expect(read.status).to.equal(200);
    const metadata = await read.json();
    expect(metadata).to.include({ client_name: 'Registered by itself' });

    const {
      registration_access_token,
      registration_client_uri,
      client_secret_expires_at,
      client_id_issued_at,
      ...own
    } = metadata;
    const changed = await manage(config, 'PUT', { ...own, client_name: 'Renamed' });
    expect(changed.status).to.equal(200);
    const renamed = await changed.json();
    expect(renamed).to.include({ client_name: 'Renamed', client_id: metadata.client_id });
    // every change issues a new token, and invalidates the old one
    expect((await manage(config, 'GET')).status).to.equal(401);
    const token = renamed.registration_access_token;
    expect(await (await manage(config, 'GET', undefined, token)).json()).to.include({
      client_name: 'Renamed',
    });

    expect((await manage(config, 'DELETE', undefined, token)).status).to.equal(204);
    expect((await manage(config, 'GET', undefined, token)).status).to.equal(401);
  });

  it('is not managed by the token of another client', async () => {
    const [one, other] = [
      await register(await initialAccessToken(server)),
      await register(await initialAccessToken(server)),
    ];
    const answer = await fetch(String(one.clientMetadata().registration_client_uri), {
      headers: { authorization: `Bearer ${other.clientMetadata().registration_access_token}` },
    });
    expect(answer.status).to.equal(401);
  });
});
