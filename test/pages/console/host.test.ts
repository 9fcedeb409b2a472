import { expect } from 'chai';
import { freePort } from '../../support/free-port.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { Operator, person } from './operator.ts';

describe('a console on a host of its own', () => {
  let server: TestServer;
  let consoleUrl: string;

  before(async () => {
    const port = await freePort();
    // two names of this machine: the issuer's and the console's
    consoleUrl = `http://127.0.0.1:${port}`;
    server = await startServer({
      server: { port, issuer: `http://localhost:${port}`, host: '127.0.0.1' },
      console: { host: `127.0.0.1:${port}` },
    });
  });

  after(() => server.stop());

  const status = async (url: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' }, ...init })).status;

  it('serves the console and nothing else there, and no console on the host of the issuer', async () => {
    for (const path of ['/console', '/console/accounts', '/console/callback', '/console/nothing'])
      expect(await status(server.config.server.issuer + path), path).to.equal(404);
    expect(await status(`${server.config.server.issuer}/console/sign-out`, { method: 'POST' })).to.equal(404);
    for (const path of [
      '/',
      '/account',
      '/oauth/authorize',
      '/oauth/userinfo',
      '/.well-known/openid-configuration',
      '/admin/v1/overview',
      '/openapi/admin.json',
      '/docs',
      '/dev/outbox',
      '/forgot-password',
      '/console2',
      '/consoles/x',
    ])
      expect(await status(consoleUrl + path), path).to.equal(404);
    expect(await status(`${consoleUrl}/oauth/token`, { method: 'POST' })).to.equal(404);
    expect(await status(`${consoleUrl}/console`)).to.equal(303);
  });

  it('signs operators in at the issuer, comes back, and takes forms from its own pages only', async () => {
    const one = new Operator(consoleUrl, await person(server, 'admin'));
    const { next } = await one.open('/console/accounts');
    const request = new URL(next);
    expect(request.origin).to.equal(server.config.server.issuer);
    expect(request.searchParams.get('redirect_uri')).to.equal(`${consoleUrl}/console/callback`);
    // for the browser, the sign-in is on another host
    const atIssuer = new Operator(server.config.server.issuer, one);
    const shown = await atIssuer.follow(next);
    const uid = /\/interaction\/([\w-]+)\//.exec(shown.page)?.[1];
    let answer = await atIssuer.agent.request(`/interaction/${uid}/login`, {
      method: 'POST',
      body: new URLSearchParams({
        csrf: csrfOf(shown.page),
        login: one.email,
        password: 'violet-harbour-lantern',
      }),
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    let callback = '';
    while (!callback) {
      const address = new URL(answer.headers.get('location') ?? '', server.config.server.issuer);
      if (address.origin === consoleUrl) callback = address.pathname + address.search;
      else answer = await atIssuer.agent.request(address.href);
    }
    expect((await one.open(callback)).next).to.equal('/console/accounts');
    const { page, headers } = await one.open('/console/accounts');
    expect(page).to.include('class="console-nav"');
    expect(headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
    expect(atIssuer.agent.cookies.has('console'), 'the issuer never sees the cookie').to.equal(false);
    for (const [, asset = ''] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g))
      expect(await status(consoleUrl + asset), asset).to.equal(200);
    expect((await one.send('/console/accounts', { q: one.email }, { origin: consoleUrl })).status).to.equal(
      200,
    );
    await one.open('/console/accounts');
    const foreign = await one.send('/console/accounts', { q: 'x' }, { origin: 'https://evil.example' });
    expect(foreign.status).to.equal(403);
  });
});
