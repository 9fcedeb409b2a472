import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, requestUrl } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const STATE = '0123456789-._~'.repeat(10).slice(0, 128);

describe('the login page', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await testServer();
    client = await createClient(server, {
      client_name: 'A & <b>',
      logo_uri: 'https://rp.example/logo.png',
      policy_uri: 'https://rp.example/policy',
      tos_uri: 'https://rp.example/terms',
    });
  });

  async function page(params: Record<string, string>, headers = {}): Promise<{ html: string; at: string }> {
    const agent = new BrowserAgent();
    const start = await agent.request(requestUrl(server, client, params), { headers });
    const answer = await agent.request(start.headers.get('location') ?? '', { headers });
    expect(answer.status).to.equal(200);
    return { html: await answer.text(), at: agent.location };
  }

  it('shows the client, escaped, with logo, policy and terms', async () => {
    const { html } = await page({});
    expect(html).to.include('A &amp; &lt;b&gt;').and.to.not.include('A & <b>');
    expect(html).to.match(/<img [^>]*src="[^"]+"/);
    expect(html)
      .to.include('href="https://rp.example/policy"')
      .and.include('href="https://rp.example/terms"');
    expect(html).to.match(/<button [^>]*class="primary"/);
  });

  it('has the login hint filled in, escaped', async () => {
    const { html } = await page({ login_hint: '"><script>alert(1)</script>@x.th' });
    expect(html).to.include('value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@x.th"');
    expect(html).to.not.include('<script>alert');
  });

  for (const [tags, lang] of [
    ['th', 'th'],
    ['en', 'en'],
    ['se th', 'th'],
    ['th-TH', 'th'],
  ] as const) {
    it(`is in ${lang} for ui_locales=${tags}`, async () => {
      expect((await page({ ui_locales: tags })).html).to.include(`<html lang="${lang}"`);
    });
  }

  it('ignores unsupported languages and kinds of display', async () => {
    for (const [name, value] of [
      ['ui_locales', 'se'],
      ['ui_locales', '"><x'],
      ['claims_locales', 'se'],
      ['display', 'page'],
      ['display', 'popup'],
    ] as const) {
      expect((await page({ [name]: value })).html).to.include('name="login"');
    }
  });

  it('ends in access_denied when the person cancels, with state and issuer', async () => {
    const agent = new BrowserAgent();
    const login = await (await agent.follow(requestUrl(server, client, { state: STATE }))).text();
    const uid = /\/interaction\/([\w-]+)\//.exec(login)?.[1];
    const answer = await agent.submit(`/interaction/${uid}/abort`, {}, login);
    const back = new URL(answer.headers.get('location') ?? '');
    const { error_description: _words, ...others } = Object.fromEntries(back.searchParams);
    expect(others).to.deep.equal({ error: 'access_denied', state: STATE, iss: server.url });
  });

  it('ends so from the consent page as well, and nothing is remembered', async () => {
    const agent = new BrowserAgent();
    await authorize(server, client, {}, agent);
    const url = requestUrl(server, client, { scope: 'openid phone' });
    const consent = await (await agent.follow(url)).text();
    const uid = /\/interaction\/([\w-]+)\/consent/.exec(consent)?.[1];
    const answer = await agent.submit(`/interaction/${uid}/abort`, {}, consent);
    expect(answer.headers.get('location')).to.include('error=access_denied');
    expect(await (await agent.follow(url)).text()).to.include('/consent"');
  });

  it('is of no use in another browser', async () => {
    const { at } = await page({});
    const answer = await new BrowserAgent().request(at);
    expect(answer.status).to.equal(400);
    expect(await answer.text()).to.not.include('name="password"');
  });
});
