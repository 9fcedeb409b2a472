import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { authorizationUrl, pkce, SOMCHAI } from '../support/sign-in.ts';
import { csrfOf, uidOf } from './interaction-steps.ts';

const ISSUER = 'https://localhost:8443';

describe('behind https', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ server: { issuer: ISSUER } });
  });
  after(() => server.stop());

  /** The URL at which the test reaches the server for a URL of the issuer. It replaces a proxy with TLS. */
  const reach = (address: string | null): string => (address ?? '').replace(ISSUER, server.url);

  it('gives every cookie a name with a prefix, Secure, HttpOnly and SameSite=Lax', async () => {
    const agent = new BrowserAgent();
    const seen: string[] = [];
    const request = async (address: string | null, init: RequestInit = {}): Promise<Response> => {
      const answer = await agent.request(reach(address), init);
      seen.push(...answer.headers.getSetCookie());
      expect(answer.headers.get('strict-transport-security')).to.match(/^max-age=31536000/);
      return answer;
    };
    const send = async (address: string, fields: Record<string, string>): Promise<Response> =>
      request(address, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: ISSUER, 'sec-fetch-site': 'same-origin' },
      });

    const url = authorizationUrl(server.url, pkce().challenge, { prompt: 'consent' });
    const login = await request((await request(url)).headers.get('location'));
    const page = await login.text();
    await request(`/interaction/${uidOf(page)}?lang=en`);
    const signedIn = await send(`/interaction/${uidOf(page)}/login`, { csrf: csrfOf(page), ...SOMCHAI });
    const resumed = await request(signedIn.headers.get('location'));
    const consent = await (await request(resumed.headers.get('location'))).text();
    const allowed = await send(`/interaction/${uidOf(consent)}/consent`, { csrf: csrfOf(consent) });
    const back = await request(allowed.headers.get('location'));
    expect(back.headers.get('location')).to.include('code=');

    const names = new Set(seen.map((cookie) => /^[^=]+/.exec(cookie)?.[0] ?? ''));
    expect([...names].filter((name) => !name.endsWith('.sig'))).to.have.members([
      '__Secure-interaction',
      '__Secure-resume',
      '__Secure-sign_ins',
      '__Host-sid',
      '__Host-csrf',
      '__Host-device',
      '__Host-lang',
    ]);
    for (const cookie of seen) {
      expect(cookie)
        .to.match(/; secure(;|$)/i)
        .and.match(/; httponly(;|$)/i);
      expect(cookie)
        .to.match(/; samesite=lax(;|$)/i)
        .and.not.match(/; domain=/i);
      if (cookie.startsWith('__Host-')) expect(cookie).to.match(/; path=\/(;|$)/i);
    }
  });

  it('takes forms of its own origin only, whatever host was called', async () => {
    const agent = new BrowserAgent();
    const first = await agent.request(authorizationUrl(server.url, pkce().challenge));
    const page = await (await agent.request(reach(first.headers.get('location')))).text();
    const answer = await agent.request(`/interaction/${uidOf(page)}/login`, {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrfOf(page), ...SOMCHAI }),
      headers: { origin: server.url },
    });
    expect(answer.status).to.equal(403);
  });
});
