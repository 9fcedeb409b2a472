import { expect } from 'chai';
import { calculateJwkThumbprint, decodeJwt, exportJWK } from 'jose';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, REDIRECT_URI } from '../support/clients.ts';
import { userinfo } from '../support/code-flow.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { signInOnPages } from '../support/sign-in.ts';

describe('openid-client: DPoP', () => {
  let server: TestServer;
  let config: client.Configuration;
  let tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>;
  const keyPair = client.randomDPoPKeyPair('ES256', { extractable: true });

  before(async () => {
    server = await testServer();
    const registered = await createClient(server, { token_endpoint_auth_method: 'none' });
    config = await discover(server, registered);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid email offline_access',
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const back = await signInOnPages(new BrowserAgent(), url.href);
    const DPoP = client.getDPoPHandle(config, await keyPair);
    tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier }, undefined, { DPoP });
  });

  it('binds the access token and opens userinfo with a proof', async () => {
    expect(tokens.token_type).to.equal('dpop');
    const DPoP = client.getDPoPHandle(config, await keyPair);
    const claims = await client.fetchUserInfo(config, tokens.access_token, '1', { DPoP });
    expect(claims.email).to.equal('somchai@example.com');
  });

  it('finds the token useless without the key or with another', async () => {
    const bearer = await userinfo(server, tokens.access_token);
    expect(bearer.status).to.equal(401);
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const stolen = await client
      .fetchUserInfo(config, tokens.access_token, '1', { DPoP })
      .catch((failure) => failure);
    expect(stolen.response?.status ?? stolen.status).to.equal(401);
  });

  it('binds the refresh token of a public client to the key', async () => {
    const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const stolen = await client
      .refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP: other })
      .catch((failure) => failure);
    expect(stolen).to.include({ error: 'invalid_grant' });
    const DPoP = client.getDPoPHandle(config, await keyPair);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP });
    expect(next.token_type).to.equal('dpop');
  });

  it('puts the key into the JWT access token of a resource', async () => {
    const machine = await createClient(server, {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: '',
      client_credentials_scope: 'api:read',
    });
    const own = await discover(server, machine);
    const pair = await keyPair;
    const granted = await client.clientCredentialsGrant(
      own,
      { resource: 'http://localhost:8080/api', scope: 'api:read' },
      { DPoP: client.getDPoPHandle(own, pair) },
    );
    const jkt = await calculateJwkThumbprint(await exportJWK(pair.publicKey));
    expect(decodeJwt(granted.access_token).cnf).to.deep.equal({ jkt });
  });
});
