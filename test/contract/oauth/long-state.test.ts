import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { LONGEST_STATE } from '../../../src/oidc/edge/bounded-state.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, basic, type Parameters, requestOf, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

/** Records the longest request line and the largest headers of responses. */
class MeasuringAgent extends BrowserAgent {
  longestLine = 0;
  largestHeaders = 0;

  override async request(url: string, init?: RequestInit): Promise<Response> {
    const answer = await super.request(url, init);
    const headers = [...answer.headers].reduce(
      (sum, [name, value]) => sum + name.length + value.length + 4,
      0,
    );
    this.largestHeaders = Math.max(this.largestHeaders, headers);
    this.longestLine = Math.max(this.longestLine, 'POST  HTTP/1.1'.length + url.length);
    return answer;
  }
}

const unsigned = (claims: object): string =>
  [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

describe('a long state', () => {
  let server: TestServer;
  let client: TestClient;
  before(async () => {
    server = await testServer();
    client = await createClient(server);
  });

  it('of 8 KiB comes back as it is, and every step fits what docs/production.md lets nginx take', async () => {
    const agent = new MeasuringAgent();
    const state = 'state-'.padEnd(LONGEST_STATE, '0123456789');
    const { back } = await authorize(server, client, { state }, agent);
    expect(back.searchParams.get('state')).to.equal(state);
    const productionGuide = await readFile(new URL('../../../docs/production.md', import.meta.url), 'utf8');
    const kilobytes = (directive: RegExp): number => Number(directive.exec(productionGuide)?.[1]) * 1024;
    expect(agent.largestHeaders).to.be.within(LONGEST_STATE, kilobytes(/proxy_buffer_size (\d+)k;/) - 1024);
    expect(agent.longestLine).to.be.within(
      LONGEST_STATE,
      kilobytes(/large_client_header_buffers \d (\d+)k;/) - 1024,
    );
  });

  const tooLong = 'state-'.padEnd(LONGEST_STATE + 1, 'x');
  const post = (path: string, params: Parameters, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(server.url + path, {
      method: 'POST',
      body: new URLSearchParams(requestOf(client, params)),
      headers: { accept: 'text/html', ...headers },
      redirect: 'manual',
    });
  const get = (params: Parameters): Promise<Response> =>
    fetch(requestUrl(server, client, params), { headers: { accept: 'text/html' }, redirect: 'manual' });

  const ways: Record<string, () => Promise<Response>> = {
    'by GET': () => get({ state: tooLong }),
    'in letters that a URL writes with nine each': () => get({ state: 'ก'.repeat(LONGEST_STATE / 9 + 1) }),
    'by POST': () => post('/oauth/authorize', { state: 'x'.repeat(50_000) }),
    'beside an error that would be redirected': () =>
      get({ state: tooLong, scope: 'unknown', prompt: 'none' }),
    'in a request object': () =>
      post('/oauth/authorize', { state: undefined, request: unsigned({ state: tooLong }) }),
    'of a logout': () =>
      fetch(`${server.url}/oauth/logout?${new URLSearchParams({ client_id: client.id, state: tooLong })}`, {
        headers: { accept: 'text/html' },
        redirect: 'manual',
      }),
  };
  for (const [name, send] of Object.entries(ways))
    it(`${name} is refused on a page, at once and without a redirect`, async () => {
      const answer = await send();
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([400, null]);
      expect(answer.headers.getSetCookie().join()).to.not.include('_interaction');
      const page = await answer.text();
      expect(page).to.include('invalid_request (400)').and.include('The state is longer than 8 KiB');
    });

  it('that is pushed is refused with an error for programs', async () => {
    for (const params of [{ state: tooLong }, { state: undefined, request: unsigned({ state: tooLong }) }]) {
      const answer = await post('/oauth/par', params, { authorization: basic(client) });
      expect(answer.status).to.equal(400);
      const { error, error_description: words } = await answer.json();
      expect(error).to.equal('invalid_request');
      expect(words).to.include('8 KiB');
    }
  });
});
