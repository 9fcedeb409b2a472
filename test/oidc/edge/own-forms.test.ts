import { expect } from 'chai';
import { deviceCodes } from '../../browser/device.ts';
import { silently } from '../../pages/interaction-steps.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce, signInOnPages } from '../../support/sign-in.ts';

const ELSEWHERE: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'http://localhost:8080' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
];

describe('the forms of the protocol’s pages', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const xsrfOf = (page: string): string => /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const pageOf = async (agent: BrowserAgent, path: string): Promise<string> =>
    (await agent.request(`${server.url}${path}`)).text();
  const post = (
    agent: BrowserAgent,
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string>,
  ): Promise<Response> =>
    agent.request(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });

  async function somebody(): Promise<BrowserAgent> {
    const agent = new BrowserAgent();
    await signInOnPages(agent, authorizationUrl(server.url, pkce().challenge));
    return agent;
  }

  it('sign nobody out when another site sends them', async () => {
    const agent = await somebody();
    for (const headers of ELSEWHERE) {
      const fields = { logout: 'yes', xsrf: xsrfOf(await pageOf(agent, '/oauth/logout')) };
      const answer = await post(agent, '/oauth/logout/confirm', fields, headers);
      expect(answer.status, JSON.stringify(headers)).to.equal(400);
      expect(await answer.text()).to.include('<html');
    }
    expect(await silently(server, agent)).to.equal('code');
    const fields = { logout: 'yes', xsrf: xsrfOf(await pageOf(agent, '/oauth/logout')) };
    const own = { origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect((await post(agent, '/oauth/logout/confirm', fields, own)).status).to.equal(303);
    expect(await silently(server, agent)).to.equal('login_required');
  });

  it('allow no device when another site sends them', async () => {
    const agent = await somebody();
    const { user_code } = await deviceCodes(server);
    const asked = await post(
      agent,
      '/device',
      { user_code, xsrf: xsrfOf(await pageOf(agent, '/device')) },
      {},
    );
    const page = await asked.text();
    expect(page).to.include('name="confirm"');
    for (const headers of ELSEWHERE) {
      const answer = await post(agent, '/device', { user_code, confirm: 'yes', xsrf: xsrfOf(page) }, headers);
      expect(answer.status, JSON.stringify(headers)).to.equal(403);
    }
    const own = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    const answer = await post(agent, '/device', { user_code, confirm: 'yes', xsrf: xsrfOf(page) }, own);
    expect(answer.status).to.be.oneOf([200, 303]);
  });

  it('do not affect what other parties may send to the protocol', async () => {
    const agent = await somebody();
    const headers = { origin: 'https://client.example', 'sec-fetch-site': 'cross-site' };
    expect((await post(agent, '/oauth/logout', {}, headers)).status).to.equal(303);
  });
});
