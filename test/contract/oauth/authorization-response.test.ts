import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, type Parameters, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const STATE = '0123456789-._~'.repeat(10).slice(0, 128);

describe('the authorization response', () => {
  let server: TestServer;
  let client: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    await authorize(server, client, {}, agent);
  });

  it('has a code, the exact state and the issuer, and nothing else', async () => {
    const { back } = await authorize(server, client, { state: STATE }, agent);
    const { code, ...others } = Object.fromEntries(back.searchParams);
    expect(others).to.deep.equal({ state: STATE, iss: server.url });
    expect(code).to.match(/^[\w-]{43,}$/);
    expect(back.href.split('?')[0]).to.equal(client.redirectUri);
  });

  it('has no state when none was sent', async () => {
    const { back } = await authorize(server, client, { state: undefined }, agent);
    expect([...back.searchParams.keys()]).to.have.members(['code', 'iss']);
  });

  it('comes in the fragment, or in a form that posts itself, when asked', async () => {
    const { back } = await authorize(server, client, { response_mode: 'fragment' }, agent);
    expect(new URLSearchParams(back.hash.slice(1)).get('iss')).to.equal(server.url);
    expect(back.search).to.equal('');

    const answer = await agent.follow(
      requestUrl(server, client, { response_mode: 'form_post', code_challenge_method: undefined }),
    );
    const page = await answer.text();
    expect(page).to.include(`action="${client.redirectUri}"`).and.to.include(`value="${server.url}"`);
    expect(answer.headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
  });

  const refusals: [string, Parameters, string][] = [
    ['a missing response type', { response_type: undefined }, 'invalid_request'],
    ['an implicit response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a hybrid response type', { response_type: 'code id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request'],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
    ['a scope that is not its own', { scope: 'openid global' }, 'invalid_scope'],
    ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
    ['an unknown resource', { resource: 'https://nowhere.example/' }, 'invalid_target'],
    ['request_uri', { request_uri: 'https://rp.example/request' }, 'request_uri_not_supported'],
    ['registration', { registration: '{"client_name":"x"}' }, 'registration_not_supported'],
    ['plain PKCE', { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method', { code_challenge: 'a'.repeat(43) }, 'invalid_request'],
  ];
  for (const [name, params, error] of refusals) {
    it(`refuses ${name} at the client, with state and issuer`, async () => {
      const answer = await agent.follow(requestUrl(server, client, { state: STATE, ...params }));
      const back = new URL(answer.headers.get('location') ?? `error:${await answer.text()}`);
      // `scope` is the refused scope
      const {
        error_description: description = '',
        scope: _scope,
        ...others
      } = Object.fromEntries(new URLSearchParams(back.search || back.hash.slice(1)));
      expect(others).to.deep.equal({ error, state: STATE, iss: server.url });
      expect(description).to.not.match(/[\r\n\t"\\]/);
    });
  }

  it('for an unsigned request object is a refusal, never what is inside it', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const inside = { client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code' };
    const request = `${encode({ alg: 'none' })}.${encode({ ...inside, scope: 'openid', state: 'inside' })}.`;
    const answer = await agent.follow(requestUrl(server, client, { request }));
    const location = answer.headers.get('location');
    expect(location ?? (await answer.text())).to.match(/invalid_request_object|request_not_supported/);
    expect(location ?? '').to.not.include('code=');
  });
});
