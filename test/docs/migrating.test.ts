import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { command } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';
import { commandsOf, shellBlocks, wordsOf } from './shell-blocks.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The files that the commands of a guide write. */
const WRITTEN = /^(rows|report|clients)\.(ndjson|sh)$/;
const ORIGIN = { address: '192.0.2.9', device: undefined };

interface Guide {
  from: string;
  /** The number of rows in the sample export. */
  rows: number;
  /** A person who signs in afterwards with the password of the other system. */
  person: { identifier: string; password: string };
  /** An imported link to another provider. */
  link: { provider: string; externalId: string };
  clients: string[];
}

const GUIDES: Guide[] = [
  {
    from: 'keycloak',
    rows: 2,
    person: { identifier: '+66811112222', password: 'correct horse battery' },
    link: { provider: 'upstream:google', externalId: '108204268033311374519' },
    clients: ['shop', 'shop-spa'],
  },
  {
    from: 'auth0',
    rows: 3,
    person: { identifier: 'kanya@example.com', password: 'correct horse battery' },
    link: { provider: 'upstream:google', externalId: '117222333444555666777' },
    clients: ['pWq3kB1yT7c9', 'Zr5mJx0aQ2dL'],
  },
  {
    from: 'firebase',
    rows: 3,
    person: { identifier: 'user1@example.com', password: 'user1password' },
    link: { provider: 'upstream:google', externalId: '114820163300112233445' },
    clients: ['shop-spa', 'shop-app'],
  },
  {
    from: 'logto',
    rows: 2,
    person: { identifier: 'malee@example.com', password: 'correct horse battery' },
    link: { provider: 'upstream:google', externalId: '109876543210987654321' },
    clients: ['w7e4r1t9y2u6', 'm2n5b8v1c4x7'],
  },
];

describe('the guides for a migration', () => {
  let directory: string;
  beforeEach(async () => {
    // the reader of a guide starts with an empty database; other guides use the same names of clients
    await emptyTables(await testDatabase());
    directory = await mkdtemp(join(tmpdir(), 'pratu-migrating-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const env: Record<string, string> = {};

  /**
   * Runs one command of a page; commands of this project run in this process. Files that the reader writes are kept
   * out of the project.
   */
  async function runLine(line: string): Promise<string> {
    const [, text = '', target] = /^(.*?)(?: > (\S+))?$/s.exec(line) ?? [];
    const words = wordsOf(text).map((word) => (WRITTEN.test(word) ? join(directory, word) : word));
    let output = '';
    if (words[0] === 'export') {
      const [name = '', value = ''] = words[1]?.split(/=(.*)/s) ?? [];
      env[name] = value;
    } else if (words[0] === 'sh')
      for (const each of await commandsOf(await readFile(words[1] ?? '', 'utf8')))
        output += await runLine(each);
    else if (words[0] === 'node')
      output = (await run(process.execPath, words.slice(1), { cwd: ROOT })).stdout;
    else {
      expect(words.slice(0, 5).join(' ')).to.equal('npm run -s pratu --');
      const { code, stdout, stderr } = await command(words.slice(5), { env });
      expect(code, `${line}: ${stderr}`).to.equal(0);
      output = stdout;
    }
    if (target) await writeFile(join(directory, target), output);
    return output;
  }

  async function runPage(page: string): Promise<string> {
    let output = '';
    for (const block of shellBlocks(await readFile(join(ROOT, 'docs', page), 'utf8')))
      for (const line of await commandsOf(block)) output += await runLine(line);
    return output;
  }

  async function domainOfServer() {
    const config = await testConfig();
    return readyDomain({
      config: { ...config, firebase: { ...config.firebase, signerKey: env.FIREBASE_SIGNER_KEY } },
      database: await testDatabase(),
    });
  }

  for (const { from, rows, person, link, clients } of GUIDES)
    it(`from ${from} has commands that work as they stand there`, async () => {
      const output = await runPage(`migrating-from-${from}.md`);
      const report = await readFile(join(directory, 'report.ndjson'), 'utf8');
      expect(output).to.include('"dry_run":true');
      expect(report).to.include(`{"rows":${rows},"created":${rows},"updated":0,"unchanged":0,"failed":0`);

      const domain = await domainOfServer();
      const signedIn = await domain.passwordAuthenticator.verify({ ...person, origin: ORIGIN });
      expect(signedIn.status).to.equal('active');
      const { rows: hashes } = await (await testDatabase()).knex.raw(
        'select hash from credentials where account_id = ?',
        [signedIn.id],
      );
      expect(hashes[0].hash, 'replaced by the first sign-in').to.match(/^\$argon2id\$v=19\$/);
      expect(await domain.bindings.holder(link.provider, link.externalId)).to.be.a('number');
      for (const id of clients)
        expect(await domain.clients.find(id), id).to.have.nested.property('metadata.client_id', id);
    }).timeout(300_000);

  it('have a page in common, which finds an account by its old identifier', async () => {
    await runPage('migrating-from-keycloak.md');
    expect(await runPage('migrating.md')).to.include('anong@example.com');
  }).timeout(300_000);
});
