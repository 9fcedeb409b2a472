import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { csrfOf } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient } from '../support/clients.ts';
import { requestUrl } from '../support/code-flow.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { startServer, type TestServer } from '../support/server.ts';

const CLOUDFLARE = 'https://challenges.cloudflare.com';
const newMobile = (): string => `08${String(Number.parseInt(randomHex(32), 16) % 1e8).padStart(8, '0')}`;

describe('the check for bots', () => {
  let service: LocalServer;
  let server: TestServer;
  let verdict: object = {};

  before(async () => {
    service = await localServer(() => verdict);
    server = await startServer({
      bots: { provider: 'turnstile', siteKey: 'site-key', secret: 'the-secret', verifyUrl: service.url },
    });
  });

  after(() => server.stop());

  beforeEach(() => {
    verdict = { success: true, hostname: 'localhost', action: 'register' };
  });

  const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? '';

  async function send(path: string, fields: Record<string, string>, agent = new BrowserAgent()) {
    const shown = await agent.request(server.url + path, { headers: { 'accept-language': 'en' } });
    const body = new URLSearchParams({ csrf: csrfOf(await shown.text()), ...fields });
    const response = await agent.request(server.url + path, {
      method: 'POST',
      body,
      headers: { 'accept-language': 'en' },
    });
    return { status: response.status, next: response.headers.get('location'), page: await response.text() };
  }

  it('is on the forms that anyone can send, which alone may load its script', async () => {
    for (const path of ['/register', '/forgot-password']) {
      const response = await fetch(server.url + path);
      const page = await response.text();
      expect(page, path)
        .to.include('data-sitekey="site-key"')
        .and.include(`${CLOUDFLARE}/turnstile/v0/api.js`);
      expect(page).to.include('<noscript>').and.not.include('the-secret');
      expect(policyOf(response))
        .to.include(`script-src 'self' ${CLOUDFLARE};`)
        .and.include(`frame-src ${CLOUDFLARE}`);
    }
    const home = await fetch(server.url);
    expect(policyOf(home)).to.include("script-src 'self';").and.not.include('cloudflare');
    const client = await createClient(server);
    const agent = new BrowserAgent();
    const begun = await agent.request(requestUrl(server, client));
    const login = await agent.request(new URL(begun.headers.get('location') ?? '', server.url).href);
    expect(policyOf(login)).to.not.include('cloudflare');
  });

  it('lets a form with a right token through, and verifies it with the secret', async () => {
    const sent = await send('/register', {
      mobile: newMobile(),
      'cf-turnstile-response': `right ${randomHex(64)}`,
    });
    expect(sent).to.include({ status: 303, next: '/register/code' });
    const { body } = await service.next();
    expect(new URLSearchParams(body).get('secret')).to.equal('the-secret');
  });

  it('refuses a form without a token, and with a wrong one, and sends nothing', async () => {
    const before = await server.database.knex('one_time_codes').count();
    const without = await send('/register', { mobile: newMobile() });
    expect(without).to.include({ status: 400 });
    expect(without.page).to.include('Please confirm that you are human.');
    verdict = { success: false, 'error-codes': ['invalid-input-response'] };
    const wrong = await send('/register', { mobile: newMobile(), 'cf-turnstile-response': randomHex(64) });
    expect(wrong.page).to.include('We could not confirm that you are human.');
    expect(wrong.page).to.match(/<div class="cf-turnstile/);
    verdict = { success: true, hostname: 'localhost', action: 'register' };
    const elsewhere = await send('/forgot-password', {
      login: newMobile(),
      'cf-turnstile-response': randomHex(64),
    });
    expect(elsewhere.status).to.equal(400);
    expect(await server.database.knex('one_time_codes').count()).to.deep.equal(before);
  });

  it('counts a failure of the service, and lets the form through', async () => {
    verdict = { nonsense: true };
    const sent = await send('/register', { mobile: newMobile(), 'cf-turnstile-response': randomHex(64) });
    expect(sent.status).to.equal(303);
    expect(await server.metrics.registry.metrics()).to.include(
      'pratu_check_failures_total{check="bot",reason="response"} 1',
    );
  });
});

describe('without such checks', () => {
  it('no page allows or loads third-party content, and no service is called', async () => {
    const service = await localServer(() => ({}));
    const server = await startServer({
      bots: { verifyUrl: service.url },
      passwords: { breachedUrl: service.url },
    });
    const response = await fetch(`${server.url}/register`);
    expect(await response.text()).to.not.match(/turnstile|hcaptcha|<noscript>/);
    expect(response.headers.get('content-security-policy')).to.include("script-src 'self';");
    await server.domain.lifecycle.create({ password: 'violet-harbour-lantern' });
    expect(service.received).to.deep.equal([]);
    await server.stop();
  });
});

describe('breached passwords', () => {
  it('are refused wherever a password is set, and nothing but five digits leaves', async () => {
    // the SHA-1 hash of `violet-harbour-lantern`, whose suffix the service always returns
    const { createHash } = await import('node:crypto');
    const password = 'violet-harbour-lantern';
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
    const service = await localServer(() => `${digest.slice(5)}:7\r\n`, { type: 'text/plain' });
    const server = await startServer({ passwords: { breached: 'refuse', breachedUrl: service.url } });
    const { lifecycle, passwordChange, accountImport } = server.domain;
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
    expect(await codeOf(lifecycle.create({ password }))).to.equal('PASSWORD_BREACHED');
    const { id, generation } = await lifecycle.create({ password: 'another-lantern-here' });
    const change = (next: string) =>
      codeOf(passwordChange.change({ accountId: id, next, preservedSession: { generation } }));
    expect(await change(password)).to.equal('PASSWORD_BREACHED');
    expect(await change('a-lantern-of-violet')).to.equal('taken');
    expect(accountImport).to.be.an('object');
    for (const { path, body, headers } of service.received) {
      expect(path).to.match(/^\/range\/[0-9A-F]{5}$/);
      expect(body).to.equal('');
      expect(headers['add-padding']).to.equal('true');
    }
    expect(service.received.length).to.equal(4);
    await server.stop();
  });
});
