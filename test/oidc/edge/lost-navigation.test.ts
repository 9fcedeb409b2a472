import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, basic, requestOf } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { pkce } from '../../support/sign-in.ts';

const AT_ONCE = 4;
const ROUNDS = 10;
const ENGLISH = { headers: { 'accept-language': 'en' } };

const read = async (answer: Response) => ({
  status: answer.status,
  headers: answer.headers,
  text: await answer.text(),
});

describe('simultaneous navigations to one pushed request', () => {
  let server: TestServer;
  let client: TestClient;
  const agent = new BrowserAgent();

  before(async () => {
    server = await testServer();
    client = await createClient(server);
    await authorize(server, client, {}, agent);
  });

  async function pushedUrl(): Promise<string> {
    const proof = { code_challenge: pkce().challenge, code_challenge_method: 'S256' };
    const pushed = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ ...requestOf(client), ...proof }),
    });
    const { request_uri } = await pushed.json();
    return `${server.url}/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri })}`;
  }

  /** Returns the number of navigations that found the request unused but were too late to use it. */
  async function collisions(): Promise<number> {
    const url = await pushedUrl();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => agent.request(url, ENGLISH)));
    const others = answers.filter(({ status }) => status !== 303);
    expect(others).to.have.length(AT_ONCE - 1);
    let late = 0;
    for (const { status, headers, text } of await Promise.all(others.map(read))) {
      expect([status, headers.get('content-type')]).to.deep.equal([400, 'text/html; charset=utf-8']);
      expect(headers.get('location')).to.equal(null);
      // the others found the request used
      if (!text.includes('This sign-in step has expired')) continue;
      expect(headers.getSetCookie()).to.deep.equal([]);
      late += 1;
    }
    return late;
  }

  it('give one code, and an error page without cookies to those that are too late', async () => {
    let late = 0;
    for (let round = 0; round < ROUNDS && late === 0; round += 1) late = await collisions();
    expect(late).to.be.above(0);
  });
});
