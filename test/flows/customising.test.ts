import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RowReport } from '../../src/domain/import/import.ts';
import { galleryEntries } from '../../src/pages/developer/gallery-entries.ts';
import { assets } from '../../src/pages/kit/assets.ts';
import { pageRenderer } from '../../src/pages/kit/render.ts';
import { folderWith } from '../domain/views/folder.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { requestUrl } from '../support/code-flow.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/server.ts';

const FOLDER = fileURLToPath(new URL('../../examples/customising', import.meta.url));

describe('examples/customising', () => {
  let server: TestServer;
  let client: TestClient;

  before(async () => {
    server = await startServer({ pages: { folder: FOLDER } });
    client = await createClient(server);
  });

  after(() => server.stop());

  const page = async (path: string, language = 'en'): Promise<Response> =>
    new BrowserAgent().request(new URL(path, server.url).href, { headers: { 'accept-language': language } });

  const loginPage = async (params: Record<string, string> = {}, language = 'en'): Promise<string> => {
    const agent = new BrowserAgent();
    const headers = { 'accept-language': language };
    const begun = await agent.request(requestUrl(server, client, params), { headers });
    return (
      await agent.request(new URL(begun.headers.get('location') ?? '', server.url).href, { headers })
    ).text();
  };

  it('shows its words in both languages', async () => {
    expect(await loginPage())
      .to.include('Welcome to our house')
      .and.include('Sign in to continue to');
    expect(await loginPage({}, 'th')).to.include('ยินดีต้อนรับสู่บ้านของเรา');
  });

  it('serves its style sheet last, under a name with its hash, and with the same policy', async () => {
    const { style, headers } = await page('/').then(async (response) => ({
      headers: response.headers,
      style: [...(await response.text()).matchAll(/rel="stylesheet" href="([^"]+)"/g)].at(-1)?.[1] ?? '',
    }));
    expect(style).to.match(/^\/assets\/custom\.[0-9a-f]{12}\.css$/);
    const served = await page(style);
    expect(served.headers.get('cache-control')).to.include('immutable');
    expect(await served.text()).to.include('.page-sign-in-login .card');
    expect(headers.get('content-security-policy')).to.not.include('unsafe-inline');
  });

  it('has a third language: by the client, the browser and the switch, with English for what is missing', async () => {
    for (const shown of [
      await loginPage({ ui_locales: 'lo' }, 'th'),
      await loginPage({}, 'lo-LA,th;q=0.5'),
    ]) {
      expect(shown).to.include('<html lang="lo">').and.include('ເຂົ້າສູ່ລະບົບ');
      expect(shown).to.include('Mobile number or e-mail address');
      expect(shown).to.match(/<a href="[^"]*lang=lo"[^>]*aria-current="true">ລາວ</);
    }
    expect(await loginPage({ ui_locales: 'my' }, 'th')).to.include('<html lang="th">');
  });

  it('writes messages in it, and in Thai for an unknown language', () => {
    const values = { code: '123456', reference: 'ABCD', minutes: '5' };
    const text = (locale: string) => server.domain.templates.sms({ kind: 'code-login', locale, values }).text;
    expect(text('lo')).to.equal('123456 ລະຫັດເຂົ້າສູ່ລະບົບ Pratu (ABCD)');
    expect(text('fr')).to.equal(text('th'));
    const mail = server.domain.templates.mail({ kind: 'password-changed', locale: 'lo', values: {} });
    expect(mail.html).to.include('ປ່ຽນລະຫັດຜ່ານແລ້ວ').and.include('lang="lo"');
    expect(mail.subject).to.equal('The password of your Pratu account was changed');
  });

  it('accepts it as the language of an account', async () => {
    const { accountEdits, lifecycle, accounts } = server.domain;
    const { id } = await lifecycle.create({});
    await accountEdits.edit(id, { locale: 'lo' });
    expect((await accounts.find(id))?.profile.locale).to.equal('lo');
    let refused: unknown;
    await accountEdits.edit(id, { locale: 'my' }).catch((error: unknown) => (refused = error));
    expect(refused).to.include({ code: 'INVALID_TEXT' });
  });

  it('accepts it as the language of an imported account', async () => {
    const { accountImport, accounts } = server.domain;
    const rows = ['lo-LA', 'my'].map((locale, index) =>
      JSON.stringify({ external_id: `language-${index}`, locale }),
    );
    const run = accountImport.run(Readable.from([Buffer.from(rows.join('\n'))]), { dryRun: false });
    const [made, refused] = [(await run.next()).value, (await run.next()).value] as RowReport[];
    expect((await accounts.find(Number(made?.id)))?.profile.locale).to.equal('lo');
    expect(refused?.errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      '/locale INVALID_VALUE',
    ]);
  });

  it('draws every page, mail and SMS in every language', () => {
    const { views, templates } = server.domain;
    const { pages } = server.config;
    const renderer = pageRenderer({ pages, views, assets: assets({ pages }, views), logoPath: (uri) => uri });
    for (const { name, states } of galleryEntries({ renderer, templates }))
      for (const draw of states)
        for (const locale of views.locales)
          expect(draw(locale), `${name} ${locale}`).to.not.include('undefined');
  });

  it('is all that there is to read: nothing of the folder is served by its path', async () => {
    for (const path of ['/assets/custom.css', '/messages/lo.json', '/assets/../messages/lo.json'])
      expect((await page(path)).status, path).to.equal(404);
  });
});

describe('a folder with mistakes', () => {
  it('keeps the server from starting, and is named with all of them', async () => {
    const folder = folderWith({
      'mails/th.json': { notices: { 'code-login': { sms: ['{reference}'] } } },
      'messages/en.json': { 'login.to': 'to {nowhere}' },
      'layout.ejs': '<% for (',
    });
    const open = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /^(TCPSocket|Pipe)Wrap$/.test(kind)).length;
    const before = open();
    let problems: string[] = [];
    await startServer({ pages: { folder } }).catch((error: { problems: string[] }) => {
      problems = error.problems;
    });
    expect(problems.map((problem) => problem.replace(/(layout\.ejs: ).*/, '$1…'))).to.deep.equal([
      'pages.folder: layout.ejs: …',
      'pages.folder: mails/th.json: notices.code-login.sms: lacks {code}',
      'pages.folder: messages/en.json: login.to: lacks {client}',
      'pages.folder: messages/en.json: login.to: has unknown {nowhere}',
    ]);
    // an open connection would keep the process running; one that has been started is established by then
    await setTimeout(300);
    await eventually(async () => expect(open()).to.be.at.most(before));
  });
});
