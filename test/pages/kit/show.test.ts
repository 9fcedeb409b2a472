import { expect } from 'chai';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { begin, post } from '../interaction-steps.ts';

const langOf = (page: string): string => /<html lang="(\w+)"/.exec(page)?.[1] ?? '';
const linksOf = (page: string): string[] =>
  [...page.matchAll(/<a href="([^"]+)" lang="\w+" hreflang/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );

describe('the language of a page', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const open = async (agent: BrowserAgent, path: string, acceptLanguage = ''): Promise<string> =>
    (await agent.request(server.url + path, { headers: { 'accept-language': acceptLanguage } })).text();

  it('is Thai, unless the browser, the person or the client says otherwise, the last one first', async () => {
    const agent = new BrowserAgent();
    expect(langOf(await open(agent, '/'))).to.equal('th');
    expect(langOf(await open(agent, '/', 'en-GB, th;q=0.5'))).to.equal('en');
    expect(langOf(await open(agent, '/?lang=th', 'en'))).to.equal('th');
    expect(langOf(await open(agent, '/', 'en'))).to.equal('th');
    expect(langOf(await open(agent, '/?ui_locales=de%20en', 'th'))).to.equal('en');
    expect(langOf((await begin(server, { ui_locales: 'en' }, agent)).page)).to.equal('en');
    expect(langOf((await begin(server, { ui_locales: 'de' }, agent)).page)).to.equal('th');
  });

  it('is changed by links that keep the address', async () => {
    const agent = new BrowserAgent();
    const page = await open(agent, '/dev/outbox?to=0812345678&limit=5&lang=th');
    expect(linksOf(page)).to.deep.equal([
      '/dev/outbox?to=0812345678&limit=5&lang=th',
      '/dev/outbox?to=0812345678&limit=5&lang=en',
    ]);
    expect(langOf(await open(agent, linksOf(page)[1] ?? ''))).to.equal('en');
  });

  it('is changed on the page of a failed form by links to where the form is', async () => {
    const begun = await begin(server);
    const page = await (await post(begun, 'login')).text();
    expect(linksOf(page)).to.deep.equal([
      `/interaction/${begun.uid}/login?lang=th`,
      `/interaction/${begun.uid}/login?lang=en`,
    ]);
  });

  it('stays what the person chose against the client, for this browser session', async () => {
    const begun = await begin(server, { ui_locales: 'th' });
    const chosen = await begun.agent.request(`/interaction/${begun.uid}?lang=en`);
    const [cookie] = chosen.headers.getSetCookie();
    expect(cookie).to.match(/^lang=en\.th; path=\/; samesite=lax; httponly$/i);
    expect(langOf(await (await post(begun, 'login')).text())).to.equal('en');
    expect(langOf((await begin(server, { ui_locales: 'th' }, begun.agent)).page)).to.equal('en');
    begun.agent.setCookie('lang', 'en');
    expect(langOf((await begin(server, { ui_locales: 'th' }, begun.agent)).page)).to.equal('th');
  });

  it('is remembered for a year, and only when it is one of ours', async () => {
    const cookies = async (lang: string): Promise<string[]> =>
      (await fetch(`${server.url}/?lang=${lang}`)).headers.getSetCookie();
    const [cookie = ''] = await cookies('en');
    expect(cookie).to.match(/^lang=en; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
    const expires = new Date(/expires=([^;]+)/.exec(cookie)?.[1] ?? '').getTime();
    expect((expires - Date.now()) / 86_400_000).to.be.closeTo(365, 1);
    for (const lang of ['de', 'EN', 'en.th', '%3Cb%3E', ''])
      expect(await cookies(lang), lang).to.deep.equal([]);
    expect(await cookies('en&lang=th')).to.deep.equal([]);
  });

  it('is not broken by a forged cookie', async () => {
    for (const value of ['x', '.', 'en.', '.th', 'en.th.x', '__proto__', '%00']) {
      const agent = new BrowserAgent();
      agent.setCookie('lang', value);
      expect(langOf(await open(agent, '/?ui_locales=th')), value).to.equal(value === 'en.th.x' ? 'en' : 'th');
    }
  });
});
