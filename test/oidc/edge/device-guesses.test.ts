import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { deviceCodes } from '../../browser/device.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const guessed = (): string => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

describe('guesses at the codes of devices', () => {
  let server: TestServer;
  let headers: Record<string, string>;

  before(async () => {
    server = await startServer({ server: { trustProxy: 1 } });
  });
  beforeEach(() => {
    headers = { 'x-forwarded-for': `2001:db8:${randomInt(65_536).toString(16)}::1` };
  });
  after(() => server.stop());

  /** A person at the device page, who enters codes there. */
  async function typist(): Promise<(user_code: string) => Promise<Response>> {
    const agent = new BrowserAgent();
    const shown = await agent.request(`${server.url}/device`, { headers });
    let page = await shown.text();
    return async (user_code) => {
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
      const answer = await agent.request('/device', {
        method: 'POST',
        body: new URLSearchParams({ xsrf, user_code }),
        headers: { ...headers, 'sec-fetch-site': 'same-origin' },
      });
      // each page has a new token
      page = await answer.clone().text();
      return answer;
    };
  }

  it('are twenty wrong ones an hour from one address, whatever the session', async () => {
    const { user_code } = await deviceCodes(server);
    const typists = await Promise.all([typist(), typist()]);
    const type = (code: string, who = 0) => (typists[who] as Awaited<ReturnType<typeof typist>>)(code);
    // neither a correct code nor an impossible one uses an attempt
    for (let time = 0; time < 25; time += 1) {
      expect((await type(user_code.toLowerCase())).status).to.equal(200);
      for (const typed of ['ABCD-EFGH', '']) expect((await type(typed)).status).to.equal(400);
    }
    for (let time = 0; time < 20; time += 1)
      expect((await type(guessed(), time % 2)).status, String(time)).to.equal(400);
    for (const who of [0, 1]) {
      const refused = await type(user_code, who);
      expect(refused.status).to.equal(429);
      expect(Number(refused.headers.get('retry-after'))).to.be.within(3500, 3600);
      expect(await refused.text()).to.include('<html');
    }
    headers = { 'x-forwarded-for': '192.0.2.91' };
    expect((await (await typist())(user_code)).status).to.equal(200);
  });

  it('do not count where the form is not ours', async () => {
    const strange = new BrowserAgent();
    for (let time = 0; time < 25; time += 1) {
      const body = new URLSearchParams({ xsrf: 'x', user_code: guessed() });
      await strange.request(`${server.url}/device`, { method: 'POST', body, headers });
    }
    expect((await (await typist())(guessed())).status).to.equal(400);
  });
});
