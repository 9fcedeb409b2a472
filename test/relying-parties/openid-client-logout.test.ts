import { expect } from 'chai';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { authorize, requestUrl } from '../support/code-flow.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { discover } from '../support/openid-client.ts';
import { type TestServer, testServer } from '../support/server.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const STATE = 'x'.repeat(100) + '-._~'.repeat(7);

describe('openid-client: logout', () => {
  let server: TestServer;
  let receiver: LocalServer;
  let registered: TestClient;
  let config: client.Configuration;

  before(async () => {
    server = await testServer();
    receiver = await localServer(() => ({}));
    registered = await createClient(server, {
      post_logout_redirect_uris: ['http://localhost:8080/out'],
      backchannel_logout_uri: `${receiver.url}/logout`,
      backchannel_logout_session_required: true,
    });
    config = await discover(server, registered);
  });

  it('ends the session everywhere that it reached', async () => {
    const agent = new BrowserAgent();
    const { back, verifier } = await authorize(server, registered, {}, agent);
    const tokens = await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: 'state-1',
    });
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:8080/out',
      state: STATE,
    });
    const page = await (await agent.follow(url.href)).text();
    const answer = await agent.submit('/oauth/logout/confirm', { logout: 'yes' }, page);
    const home = new URL(answer.headers.get('location') ?? '');
    expect(`${home.origin}${home.pathname}`).to.equal('http://localhost:8080/out');
    expect(Object.fromEntries(home.searchParams)).to.deep.equal({ state: STATE });

    const silent = await agent.follow(requestUrl(server, registered, { prompt: 'none' }));
    expect(silent.headers.get('location')).to.include('error=login_required');

    const { method, path, headers, body } = await receiver.next();
    expect([method, path, headers['content-type']]).to.deep.equal([
      'POST',
      '/logout',
      'application/x-www-form-urlencoded',
    ]);
    const form = new URLSearchParams(body);
    expect([...form.keys()]).to.deep.equal(['logout_token']);
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ''));
    const { payload, protectedHeader } = await jwtVerify(form.get('logout_token') ?? '', keys, {
      issuer: server.url,
      audience: registered.id,
      typ: 'logout+jwt',
      maxTokenAge: 60,
    });
    expect(protectedHeader.alg).to.equal('RS256');
    expect(payload.events).to.deep.equal({ [EVENT]: {} });
    expect(payload).to.include({ sub: tokens.claims()?.sub, sid: tokens.claims()?.sid });
    expect(payload.jti).to.be.a('string');
    expect(payload).to.not.have.property('nonce');
  });
});
