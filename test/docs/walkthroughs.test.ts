import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { exchange, partnerCodes } from '../oidc/partner-client.ts';
import { initialAccessToken } from '../support/clients.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { commandsOf, runBlock, shellBlocks } from './shell-blocks.ts';

const read = (page: string): string => readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');

const PAGES = [
  'README.md',
  'docs/api-customers.md',
  'docs/api-partners.md',
  'docs/api-self-service.md',
  'docs/api-keys.md',
  'docs/api-admin.md',
  'docs/token-exchange.md',
  'docs/dynamic-registration.md',
];

describe('the commands of', () => {
  let server: TestServer;
  before(async () => {
    // the reader of a page starts with an empty database; other tests use the same addresses
    await emptyTables(await testDatabase());
    server = await startServer();
  });
  after(() => server.stop());

  for (const page of PAGES) {
    it(`${page} work as they stand there`, async function () {
      this.timeout(60_000);
      const known: Record<string, string> = {};
      if (page.includes('partners')) {
        const { body } = await exchange(server.url, await partnerCodes(server.url)());
        known.ACCESS_TOKEN = String(body.access_token);
      }
      if (page.includes('registration')) known.INITIAL_TOKEN = await initialAccessToken(server);
      const blocks = shellBlocks(read(page)).filter((block) => block.includes('curl '));
      expect(blocks.length).to.be.greaterThan(0);
      for (const block of blocks) {
        const ran = await runBlock(block, server.url, known);
        expect(ran.length).to.be.greaterThan(0);
        for (const { command, status, body } of ran)
          expect(status, `${command}\n${body}`).to.be.within(200, 299);
      }
    });
  }

  it('docs/app-sign-in.md work, each step answered as the page says', async () => {
    const blocks = shellBlocks(read('docs/app-sign-in.md'));
    const statuses: number[][] = [];
    for (const block of blocks) {
      const ran = await runBlock(block, server.url);
      expect(ran.at(-1)?.body).to.include('"id_token"');
      statuses.push(ran.map(({ status }) => status));
    }
    // every step but the last has the status of an error
    expect(statuses).to.deep.equal([
      [400, 400, 200, 200, 200],
      [200, 200],
    ]);
  });

  it('README.md start and test it', () => {
    const readme = read('README.md');
    expect(readme).to.include('npm ci && npm start').and.include('npm ci && npm test');
    expect(readme.length).to.be.at.most(6000);
  });

  it('every page are whole', async () => {
    for (const page of [
      ...PAGES,
      'docs/app-sign-in.md',
      'docs/production.md',
      'docs/DEPLOYMENT.md',
      'docs/operation.md',
      'docs/clients.md',
      'docs/import.md',
      'docs/service-accounts.md',
    ])
      for (const block of shellBlocks(read(page))) expect(await commandsOf(block)).to.not.deep.equal([]);
  });
});
