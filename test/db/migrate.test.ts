import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { connectionOf } from '../../src/db/connection.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { type MigrateOptions, migrate, migrationState } from '../../src/db/migrate.ts';
import { MigrationFailure } from '../../src/db/migration-failure.ts';
import { migrationPlan } from '../../src/db/migration-plan.ts';
import type { Progress } from '../../src/db/run-migration.ts';
import { testConfig } from '../support/config.ts';
import { newPlace, type TestPlace } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const ROWS = 12_000;

describe('migrating a database with rows', () => {
  let place: TestPlace;
  let folder: string;
  let directory: URL;
  let database: Database;
  const others: pg.Client[] = [];

  before(async () => {
    place = await newPlace();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratu-migrations-'));
    directory = pathToFileURL(`${folder}/`);
    const config = { ...(await testConfig()).database, ...place, statementTimeoutMs: 400, url: place.url };
    database = await openDatabase(config);
    await write(
      '001_create_big.sql',
      `create table big (id bigint primary key, value int);
      insert into big select n, n from generate_series(1, ${ROWS}) n;
      create table small (id int primary key);`,
    );
    await migrate(database, { directory });
    await database.knex.raw('analyze big');
  });

  afterEach(async () => {
    for (const other of others.splice(0)) await other.end();
    await database.knex.raw('drop table if exists migrations, migrations_lock, big, small, added');
    await database.close();
    await rm(folder, { recursive: true });
  });

  const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);
  const run = (options: MigrateOptions = {}): Promise<string[]> =>
    migrate(database, { directory, ...options });
  const failureOf = async (options: MigrateOptions = {}): Promise<string> => {
    const error = await run(options).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(MigrationFailure);
    return (error as Error).message;
  };
  const oneValue = async (sql: string): Promise<unknown> =>
    Object.values((await database.knex.raw(sql)).rows[0] as object)[0];

  /** A connection of another process than the server's. */
  async function other(): Promise<pg.Client> {
    const client = new pg.Client(connectionOf({ ...(await testConfig()).database, url: place.url }));
    others.push(client);
    await client.connect();
    return client;
  }

  it('takes longer than a request may', async () => {
    await write('002_fill_slowly.sql', 'select pg_sleep(0.9);');
    expect(await run()).to.deep.equal(['002_fill_slowly']);
  });

  it('names the migration and the statement that failed, and applies nothing of it', async () => {
    await write('002_add_value.sql', 'alter table big add column other int;\nupdate big set value = 1 / 0;');
    const message = await failureOf();
    expect(message).to.include('002_add_value').and.include('update big set value = 1 / 0');
    expect(message).to.include('division by zero').and.include('Nothing of it is applied');
    await write('002_add_value.sql', 'alter table big add column other int;');
    expect(await run()).to.deep.equal(['002_add_value']);
  });

  it('goes on where a run in batches was interrupted', async () => {
    const update = (value: string): Promise<void> =>
      write(
        '002_fill_value.sql',
        `-- without a transaction
        -- in batches of big.id
        update big set value = ${value} where id between ? and ? and value > 0;`,
      );
    await update('-value / (case when id = 7000 then 0 else 1 end)');
    expect(await failureOf()).to.include('Its earlier statements are applied');
    expect(await oneValue('select count(*)::int from big where value < 0')).to.equal(5000);
    await update('-value');
    const told: Progress[] = [];
    await run({ onProgress: (progress) => told.push(progress) });
    expect(told.flatMap((one) => (one.kind === 'batch' ? one.rows : []))).to.deep.equal([5000, 10_000, ROWS]);
    expect(await oneValue('select count(*)::int from big where value = -id')).to.equal(ROWS);
  });

  it('recreates an index that an interrupted run left unusable', async () => {
    await write(
      '002_index_big.sql',
      '-- without a transaction\ncreate unique index concurrently big_value on big (value);',
    );
    await database.knex.raw('update big set value = 2 where id = 1');
    expect(await failureOf()).to.include('create unique index concurrently big_value');
    expect(
      await oneValue(`select indisvalid from pg_index where indexrelid = 'big_value'::regclass`),
    ).to.equal(false);
    await database.knex.raw('update big set value = 1 where id = 1');
    await run();
    expect(
      await oneValue(`select indisvalid from pg_index where indexrelid = 'big_value'::regclass`),
    ).to.equal(true);
  });

  it('is not stopped by a lock that a killed process left in the table of locks', async () => {
    await database.knex.raw('update migrations_lock set is_locked = 1');
    await write('002_create_added.sql', 'create table added (id int);');
    expect(await run()).to.deep.equal(['002_create_added']);
  });

  it('plans statements with tables, rows, locks and time', async () => {
    await write(
      '002_add_value.sql',
      `alter table big add column other int;
      create table added (id int); create index on added (id); insert into added values (1);`,
    );
    await write(
      '003_index_big.sql',
      `-- without a transaction
      create index concurrently big_value on big (value);
      -- in batches of big.id
      update big set value = 1 where id between ? and ?;`,
    );
    await write(
      '004_add_by_code.ts',
      `export const up = async (knex) => { await knex('small').insert({ id: 1 }); };`,
    );
    const [add, index, code] = await migrationPlan(database, directory);
    expect(add?.statements.map(({ table, lock, rows }) => [table, lock, rows])).to.deep.equal([
      ['big', 'ACCESS EXCLUSIVE', ROWS],
      [undefined, 'none', 0],
      [undefined, 'none', 0],
      [undefined, 'none', 0],
    ]);
    expect(index?.transaction).to.equal(false);
    expect(index?.statements.map(({ table, lock, batches }) => [table, lock, batches])).to.deep.equal([
      ['big', 'SHARE UPDATE EXCLUSIVE', false],
      ['big', 'ROW EXCLUSIVE', true],
    ]);
    expect(index?.statements[1]?.seconds).to.be.above(0.01);
    expect(code?.statements.map(({ table, lock }) => [table, lock])).to.deep.equal([
      ['small', 'ROW EXCLUSIVE'],
    ]);
    expect((await migrationState(database, directory)).pending).to.have.length(3);
    expect(await oneValue(`select to_regclass('added')::text`)).to.equal(null);
  });

  // the embedded database has one session, so there is no lock contention
  const several = process.env.DATABASE_URL ? describe : undefined;
  several?.('that others use', () => {
    for (const [how, first] of [
      ['in a transaction', ''],
      ['without one', '-- without a transaction\n'],
    ] as const)
      it(`waits for their locks in short attempts, between which it blocks no one, ${how}`, async () => {
        const holder = await other();
        await holder.query('begin');
        await holder.query('select from big limit 1');
        await write('002_add_value.sql', `${first}alter table big add column other int;`);
        const done = run({
          // the first attempt takes longer: the time counts from its end
          waitMs: 500,
          onProgress({ kind }) {
            // a request passes before the next attempt
            if (kind === 'waiting')
              database.knex.raw('select from big limit 1').then(() => holder.query('commit'));
          },
        });
        expect(await done).to.deep.equal(['002_add_value']);
      });

    it('waits longer for a concurrent index, which blocks no one, and creates it once', async () => {
      const holder = await other();
      await holder.query('begin');
      await holder.query('update big set value = 0 where id = 1');
      const holderOfSmall = await other();
      await holderOfSmall.query('begin');
      await holderOfSmall.query('select from small');
      await write(
        '002_index_big.sql',
        `-- without a transaction
        create index concurrently big_value on big (value);
        alter table small add column other text default current_setting('lock_timeout');
        insert into small values (1);`,
      );
      const told: string[] = [];
      const done = run({
        onProgress(progress) {
          told.push(progress.kind === 'statement' ? progress.statement.slice(0, 12) : progress.kind);
          if (progress.kind === 'waiting') holderOfSmall.query('commit');
        },
      });
      // longer than any other statement waits
      const waits = `select exists (select from pg_stat_activity where wait_event_type = 'Lock'
        and query like 'create index concurrently big_value%' and now() - query_start > interval '1.2 seconds')`;
      await eventually(async () => expect(await oneValue(waits)).to.equal(true));
      await holder.query('commit');
      expect(await done).to.deep.equal(['002_index_big']);
      expect(told).to.deep.equal(['migration', 'create index', 'alter table ', 'waiting', 'insert into ']);
      expect(await oneValue('select other from small')).to.equal('1s');
    });

    it('gives up waiting with a reason', async () => {
      const holder = await other();
      await holder.query('begin');
      await holder.query('lock table big');
      await write('002_add_value.sql', 'alter table big add column other int;');
      expect(await failureOf({ waitMs: 0 }))
        .to.include('002_add_value')
        .and.include('pg_stat_activity');
    });

    it('reports the process that is already migrating, when that takes too long', async () => {
      const holder = await other();
      // as an earlier version left it in a pooler's connection
      await holder.query('select pg_advisory_lock(7246113)');
      await write('002_create_added.sql', 'create table added (id int);');
      const pid = (await holder.query('select pg_backend_pid() as pid')).rows[0]?.pid;
      const message = await failureOf({ waitMs: 300 });
      expect(message).to.include('Another process is migrating').and.include(`pg_terminate_backend(${pid})`);
    });

    it('runs once when two do it at once, also with concurrent indexes', async () => {
      await write(
        '002_index_big.sql',
        '-- without a transaction\ncreate index concurrently big_value on big (value);',
      );
      const both = await Promise.all([run(), run()]);
      expect(both.flat()).to.deep.equal(['002_index_big']);
    });

    it('keeps no lock afterwards', async () => {
      await write('002_create_added.sql', 'create table added (id int);');
      await run();
      expect(
        await oneValue(`select count(*)::int from pg_locks where locktype = 'advisory' and objid = 7246113
        and database = (select oid from pg_database where datname = current_database())`),
      ).to.equal(0);
    });
  });
});
