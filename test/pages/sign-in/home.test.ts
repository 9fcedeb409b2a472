import { expect } from 'chai';
import type { Show } from '../../../src/pages/kit/show.ts';
import { homePage } from '../../../src/pages/sign-in/home.ts';
import { serveAll, stopAll } from '../../http/serve.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('the front page', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const page = async (at: TestServer): Promise<string> =>
    (await fetch(at.url, { headers: { accept: 'text/html', 'accept-language': 'en' } })).text();

  it('names the issuer and links to what a newcomer needs', async () => {
    const html = await page(server);
    expect(html).to.include(`<dd>${server.url}</dd>`);
    const links = [...html.matchAll(/<li><a href="([^"]+)"/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    expect(links).to.have.length(4);
    for (const link of links) {
      const answer = await fetch(new URL(link, server.url), { redirect: 'manual' });
      expect(answer.status, link).to.be.within(200, 303);
    }
    const signIn = await new BrowserAgent().follow(new URL(links[1] ?? '', server.url).href);
    expect(await signIn.text()).to.include('name="password"');
  });

  it('answers HEAD, and nothing but reading', async () => {
    const head = await fetch(server.url, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(await head.text()).to.equal('');
    expect((await fetch(server.url, { method: 'POST' })).status).to.be.within(404, 405);
  });

  it('sends people to their account in production', async () => {
    const show: Show = () => expect.fail('nothing of development is shown');
    const issuer = 'https://id.example';
    const { url } = await serveAll(homePage({ show, issuer, environment: 'production', signIn: '/sample' }));
    const answer = await fetch(url, { redirect: 'manual' });
    await stopAll();
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/account']);
  });
});
