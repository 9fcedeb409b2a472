import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const REGISTERED = 'https://rp.example/cb';

/** URIs that resemble the registered one and differ from it. */
const OTHERS = [
  `${REGISTERED}/`,
  `${REGISTERED}?added=1`,
  `${REGISTERED}#fragment`,
  'https://rp.example/CB',
  'https://RP.EXAMPLE/cb',
  'https://rp.example:443/cb',
  'https://user@rp.example/cb',
  'https://rp.example/x/../cb',
  'https://rp.example/%63b',
  'https://rp.example/cb%2e',
  'https://rp.example\\@evil.example/cb',
  'https://rp.example.evil.example/cb',
  'https://rpaexample/cb',
  `${REGISTERED}\r\nLocation: https://evil.example`,
  ' https://rp.example/cb',
  'http://rp.example/cb',
  '//rp.example/cb',
  '/cb',
  'javascript:alert(1)',
  '',
];

describe('redirect URIs', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await testServer();
    client = await createClient(server, { redirect_uris: [REGISTERED, 'https://rp.example/other'] });
  });

  async function expectRefusal(url: string): Promise<void> {
    const answer = await new BrowserAgent().follow(url);
    expect(answer.status).to.equal(400);
    expect(answer.headers.get('location')).to.equal(null);
    expect(answer.headers.get('content-type')).to.match(/^text\/html/);
    expect(await answer.text()).to.match(/invalid_redirect_uri|invalid_request|invalid_client/);
  }

  for (const uri of OTHERS) {
    it(`are compared exactly: ${JSON.stringify(uri)} stays here`, () =>
      expectRefusal(requestUrl(server, client, { redirect_uri: uri })));
  }

  it('must be sent when there are two, and also when there is one', async () => {
    const single = await createClient(server);
    await expectRefusal(requestUrl(server, client, { redirect_uri: undefined }));
    await expectRefusal(requestUrl(server, single, { redirect_uri: undefined }));
  });

  it('must be sent once', () =>
    expectRefusal(`${requestUrl(server, client)}&redirect_uri=${encodeURIComponent(REGISTERED)}`));

  it('are of no use with an unknown client', () =>
    expectRefusal(requestUrl(server, { ...client, id: 'nobody' })));

  it('keep their query, but never its code, state or iss', async () => {
    const own = await createClient(server, { redirect_uris: [`${REGISTERED}?page=1&code=x&state=y&iss=z`] });
    const { back } = await authorize(server, own);
    for (const name of ['page', 'code', 'state', 'iss']) {
      expect(back.searchParams.getAll(name), name).to.have.length(1);
    }
    expect(Object.fromEntries(back.searchParams)).to.include({
      page: '1',
      state: 'state-1',
      iss: server.url,
    });
    expect(back.searchParams.get('code')).to.not.equal('x');
  });

  it('are compared again at the token endpoint', async () => {
    const flow = await authorize(server, client);
    const wrong = await redeem(server, client, flow, { redirect_uri: 'https://rp.example/other' });
    expect([wrong.status, wrong.body.error]).to.deep.equal([400, 'invalid_grant']);
    const none = await redeem(server, client, flow, { redirect_uri: undefined });
    expect(none.status).to.equal(400);
  });

  it('of native apps may have any loopback port, and nothing else changed', async () => {
    const native = await createClient(server, {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/cb'],
    });
    const { back } = await authorize(server, { ...native, redirectUri: 'http://127.0.0.1:51004/cb' });
    expect(back.origin).to.equal('http://127.0.0.1:51004');
    await expectRefusal(requestUrl(server, native, { redirect_uri: 'http://127.0.0.1:51004/other' }));
    await expectRefusal(requestUrl(server, native, { redirect_uri: 'http://192.168.1.1:51004/cb' }));
  });
});
