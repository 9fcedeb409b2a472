import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { TEST_SECRET_KEY, testConfig } from '../support/config.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import {
  hasPostgresServer,
  type PostgresServer,
  postgresServer,
  standbyOf,
} from '../support/postgres-servers.ts';
import { commandsOf, shellBlocks } from './shell-blocks.ts';

const run = promisify(execFile);
const PAGE = readFileSync(new URL('../../docs/DEPLOYMENT.md', import.meta.url), 'utf8');
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** The only block of the page with all of these words. */
function blockWith(...words: string[]): string {
  const found = shellBlocks(PAGE).filter((block) => words.every((word) => block.includes(word)));
  expect(found, words.join(', ')).to.have.length(1);
  return found[0] ?? '';
}

/** The output of each command of a block. */
async function said(block: string, env: Record<string, string>): Promise<string[]> {
  const all: string[] = [];
  for (const command of await commandsOf(block)) {
    const { stdout } = await run('bash', ['-c', command], { env: { PATH: process.env.PATH, ...env } });
    all.push(stdout.trim());
  }
  return all;
}

const addressOf = ({ port }: PostgresServer): string => `postgres://postgres@127.0.0.1:${port}/postgres`;

/** Starts a server as in production, with this database only, and waits for its end. Returns its exit code. */
async function exitCodeOf(databaseUrl: string): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ISSUER: 'https://id.example.com',
      SECRET_KEY: TEST_SECRET_KEY,
      DATABASE_URL: databaseUrl,
      SMTP_URL: 'smtp://127.0.0.1:1',
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
    },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('docs/DEPLOYMENT.md', () => {
  it('has settings of Patroni that can be read', () => {
    const [, block = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(PAGE) ?? [];
    const { dcs } = (parse(block) as { bootstrap: { dcs: Record<string, unknown> } }).bootstrap;
    // as Patroni requires
    expect(Number(dcs.loop_wait) + 2 * Number(dcs.retry_timeout)).to.be.at.most(Number(dcs.ttl));
    expect(dcs).to.include({ synchronous_mode: true, synchronous_mode_strict: false });
  });

  if (hasPostgresServer) {
    describe('the second region', function () {
      this.timeout(120_000);
      let primary: PostgresServer;
      let standby: PostgresServer;
      let folder: string;

      const account = async (server: PostgresServer): Promise<number> => {
        const [row] = await server.sql('insert into accounts (first_name) values (null) returning id');
        return Number(row?.id);
      };

      before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'pratu-region-'));
        primary = await postgresServer();
        const database = await openDatabase({ ...(await testConfig()).database, url: addressOf(primary) });
        await migrate(database);
        await database.close();
        await account(primary);
        await primary.sql(`insert into clients (id, metadata) values ('app', '{}')`);
        standby = await standbyOf(primary);
      });
      after(async () => {
        await standby.kill();
        await primary.kill();
        await rm(folder, { recursive: true, force: true });
      });

      it('is set up with a replication slot of its own', async () => {
        const env = { PRIMARY_URL: addressOf(primary), STANDBY_DATA: join(folder, 'data') };
        await said(blockWith('pg_basebackup'), env);
        expect(existsSync(join(folder, 'data/standby.signal'))).to.equal(true);
        expect(readFileSync(join(folder, 'data/postgresql.auto.conf'), 'utf8')).to.include('region_b');
        const slots = await primary.sql('select slot_name from pg_replication_slots');
        expect(slots).to.deep.equal([{ slot_name: 'region_b' }]);
      });

      it('shows its lag in bytes and in seconds', async () => {
        const env = { PRIMARY_URL: addressOf(primary), STANDBY_URL: addressOf(standby) };
        // a standby that has replayed no commit since its start has no time to report
        await account(primary);
        await eventually(async () => {
          const [bytes, seconds] = await said(blockWith('pg_stat_replication'), env);
          expect(bytes).to.match(/^\d+$/);
          expect(seconds).to.match(/^\d\d:\d\d:\d\d\.\d+$/);
        });
      });

      it('runs no server before its promotion', async () => {
        expect(await exitCodeOf(addressOf(standby))).to.be.greaterThan(0);
      });

      it('takes over, and gives no number of a lost account to a new one', async () => {
        standby.freeze();
        const lost = [];
        for (let n = 0; n < 100; n += 1) lost.push(await account(primary));
        await primary.kill();
        standby.thaw();
        const block = blockWith('pg_promote', 'setval');
        const [position, promoted] = await said(block, { STANDBY_URL: addressOf(standby) });
        expect(position).to.match(/^[\dA-F]+\/[\dA-F]+\|\d{4}-/);
        expect(promoted).to.equal('t');
        expect(await account(standby)).to.be.greaterThan(Math.max(...lost));
        const [client] = await standby.sql(
          `insert into clients (id, metadata) values ('next', '{}') returning number`,
        );
        expect(Number(client?.number)).to.be.greaterThan(1_000_000_000_000_900);
      });
    });
  }
});
