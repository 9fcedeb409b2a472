import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { environment } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';
import { testServer } from '../support/server.ts';
import { runBlock, shellBlocks } from './shell-blocks.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ORIGIN = { address: '192.0.2.9', device: undefined };
/** The people who can sign in after the examples, each from another system, with their passwords. */
const PEOPLE: Record<string, string> = {
  'wipa@example.com': 'correct horse battery',
  'chai@example.com': 'correct horse battery',
};

describe('docs/import.md', () => {
  let directory: string;
  before(async () => {
    // other pages import the same people
    await emptyTables(await testDatabase());
    directory = await mkdtemp(join(tmpdir(), 'pratu-import-page-'));
  });
  after(() => rm(directory, { recursive: true }));

  it('has commands that work as written, and people sign in afterwards', async () => {
    const page = await readFile(join(ROOT, 'docs/import.md'), 'utf8');
    const all = shellBlocks(page);
    const blocks = all.filter((block) => !block.includes('curl '));
    expect(blocks).to.have.length(2);
    let output = '';
    for (const block of blocks) {
      // files that the reader writes are kept out of the project
      const script = block.replaceAll(/\b(accounts|report)\.ndjson\b/g, join(directory, '$1.ndjson'));
      const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', script], {
        cwd: ROOT,
        env: await environment({}),
      });
      output += stdout;
    }
    const server = await testServer();
    for (const block of all.filter((one) => one.includes('curl '))) {
      const file = join(directory, 'accounts.ndjson');
      const ran = await runBlock(block.replaceAll('accounts.ndjson', file), server.url);
      expect(ran.map(({ status }) => status)).to.deep.equal([200, 200]);
      expect(ran[1]?.body).to.include('"dry_run":true').and.include('"failed":0');
    }
    expect(output.match(/"status":"created"/g)).to.have.length(4);
    expect(output).to.not.include('"status":"failed"');
    const domain = await readyDomain({ config: await testConfig(), database: await testDatabase() });
    for (const [identifier, password] of Object.entries(PEOPLE)) {
      const account = await domain.passwordAuthenticator.verify({ identifier, password, origin: ORIGIN });
      expect(account.card, identifier).to.not.equal(null);
    }
  }).timeout(300_000);
});
