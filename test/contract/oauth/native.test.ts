import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

describe('native apps', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const nativeClient = (uri: string, more = {}): Promise<TestClient> =>
    createClient(server, {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [uri],
      ...more,
    });

  /** Signs in for the second time a person who has allowed the client before. Returns the response to the request. */
  async function secondTime(client: TestClient): Promise<Response> {
    const agent = new BrowserAgent();
    await authorize(server, client, {}, agent);
    const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    return agent.follow(requestUrl(server, client, challenge));
  }

  for (const host of ['127.0.0.1', '[::1]']) {
    it(`may listen on any port of ${host}`, async () => {
      const client = await nativeClient(`http://${host}/cb`);
      const redirectUri = `http://${host}:49152/cb`;
      const flow = await authorize(server, { ...client, redirectUri });
      expect(flow.back.href).to.include(redirectUri);
      expect((await redeem(server, { ...client, redirectUri }, flow)).status).to.equal(200);
    });
  }

  it('may have a scheme of their own, which is asked for consent each time', async () => {
    const client = await nativeClient('com.example.app:/cb');
    const answer = await secondTime(client);
    expect(answer.headers.get('location')).to.equal(null);
    expect(await answer.text()).to.include('/consent"');
  });

  it('are asked once when the system gives their redirect URI to nobody else', async () => {
    const claimed = await nativeClient('https://app.example.com/cb');
    expect((await secondTime(claimed)).headers.get('location')).to.include('code=');
  });

  it('do not ask for consent when they are first-party clients', async () => {
    const own = await nativeClient('com.example.own:/cb', { first_party: true });
    expect((await secondTime(own)).headers.get('location')).to.include('code=');
  });

  it('must use PKCE to prove that they sent the request', async () => {
    const client = await nativeClient('com.example.app:/cb');
    const answer = await new BrowserAgent().request(requestUrl(server, client));
    expect(answer.headers.get('location')).to.include('error=invalid_request').and.include('PKCE');
  });
});
