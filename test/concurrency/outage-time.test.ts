import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { type Line, lineTo } from '../support/cut-line.ts';
import { testPlace } from '../support/database.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, tokensByPassword } from '../support/sign-in.ts';
import { type FreshServer, freshServer } from './fresh-server.ts';
import { newCode, redeem } from './requests.ts';

/** Three seconds for the database, and a margin for a busy machine. It is below the limit of a connection alone. */
const LONGEST_MS = 6000;
/** The time during which an unresponsive database is not queried. */
const CIRCUIT_OPEN_MS = 550;

// there is no network between a server and its embedded database
if (process.env.DATABASE_URL) {
  describe('the time until an outage is answered', () => {
    let line: Line;
    let server: FreshServer;
    let requests: Record<string, () => Promise<Response>>;

    beforeEach(async () => {
      const { url = '' } = await testPlace();
      line = await lineTo(url);
      server = await freshServer({
        database: { url: line.url, statementTimeoutMs: 3000, acquireTimeoutMs: 8000, lockTimeoutMs: 1000 },
      });
      const tokens = await tokensByPassword(server.url, { scope: 'openid email' });
      const agent = new BrowserAgent();
      const offline = { scope: 'openid offline_access', prompt: 'consent' };
      const family = await redeem(server.url, await newCode(server.url, agent, offline));
      const code = await newCode(server.url, agent);
      const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
        fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields), headers });
      requests = {
        'client credentials': () =>
          post(
            { grant_type: 'client_credentials' },
            { authorization: `Basic ${btoa('service:service-secret')}` },
          ),
        'a password': () =>
          post(
            { grant_type: 'password', username: '0812345678', password: 'correct-horse-battery' },
            { authorization: BASIC_CLIENT },
          ),
        'a code': () =>
          post({
            grant_type: 'authorization_code',
            client_id: 'spa',
            code: code.code,
            code_verifier: code.verifier,
            redirect_uri: 'http://localhost:8080/cb',
          }),
        'a refresh': () =>
          post({
            grant_type: 'refresh_token',
            client_id: 'spa',
            refresh_token: family.body.refresh_token ?? '',
          }),
        userinfo: () =>
          fetch(`${server.url}/oauth/userinfo`, {
            headers: { authorization: `Bearer ${tokens.access_token}` },
          }),
        'a page': () => agent.request(authorizationUrl(server.url, pkce().challenge)),
        readiness: () => fetch(`${server.url}/ready`),
      };
    });

    afterEach(async () => {
      await line.cut();
      await server.stop();
    });

    // with a server that reaches the database
    after(async () => (await freshServer()).leave());

    /** Sends all of them concurrently: none may wait for another. */
    async function answers(): Promise<void> {
      await Promise.all(
        Object.entries(requests).map(async ([what, send]) => {
          const began = performance.now();
          const { status } = await send();
          expect(status, what).to.equal(503);
          expect(performance.now() - began, what).to.be.below(LONGEST_MS);
        }),
      );
    }

    it('is three seconds at most when the database is frozen', async function () {
      this.timeout(60_000);
      line.mute();
      // on existing connections, then on new ones
      for (let time = 0; time < 3; time += 1) {
        await answers();
        await new Promise((resume) => setTimeout(resume, CIRCUIT_OPEN_MS));
      }
    });

    it('is three seconds at most when connections are refused', async function () {
      this.timeout(60_000);
      await line.cut();
      await answers();
      await answers();
    });
  });
}
