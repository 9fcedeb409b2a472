import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { basic, type Parameters, requestOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

describe('pushed requests', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  async function push(params: Parameters = {}, of = client) {
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      body: new URLSearchParams(requestOf(of, params)),
      headers: { authorization: basic(of) },
    });
    return { status: answer.status, body: await answer.json(), headers: answer.headers };
  }

  const open = (requestUri: string, id = client.id, agent = new BrowserAgent()): Promise<Response> =>
    agent.follow(
      `${server.url}/oauth/authorize?${new URLSearchParams({ client_id: id, request_uri: requestUri })}`,
    );

  it('get an address for a minute', async () => {
    const { status, body, headers } = await push();
    expect(status).to.equal(201);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(body).to.have.keys('request_uri', 'expires_in');
    expect(body.expires_in).to.be.within(1, 60);
    expect(await (await open(body.request_uri)).text()).to.include('name="password"');
  });

  it('can be loaded again before the sign-in is done', async () => {
    const { body } = await push();
    const agent = new BrowserAgent();
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await (await open(body.request_uri, client.id, agent)).text()).to.include('name="password"');
    }
  });

  it('are over after that minute', async () => {
    const { body } = await push();
    await moveClock(server.database, 66);
    expect((await open(body.request_uri)).status).to.equal(400);
  });

  it('are of use to their own client only', async () => {
    const { body } = await push();
    const other = await createClient(server);
    const answer = await open(body.request_uri, other.id);
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([400, null]);
  });

  const refusals: [string, Parameters, string][] = [
    [
      'a request_uri inside',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      'request_uri_not_supported',
    ],
    ['a foreign redirect URI', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['plain PKCE', { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['a scope that is not its own', { scope: 'openid global' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ];
  for (const [name, params, error] of refusals) {
    it(`are refused at once with ${name}`, async () => {
      const { status, body } = await push(params);
      expect([status, body.error]).to.deep.equal([400, error]);
    });
  }

  it('are refused from somebody else', async () => {
    const { status, body } = await push({}, { ...client, secret: 'wrong' });
    expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
  });
});
