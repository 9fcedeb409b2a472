import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../src/db/client.ts';
import { connectionOf } from '../../src/db/connection.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { randomHex } from '../../src/lib/ids.ts';
import { atEnd, atStart } from './at-end.ts';
import { testConfig } from './config.ts';
import { forgetCounters } from './redis.ts';

/** Tables whose rows migrations insert and tests keep. */
const KEPT = ['migrations', 'migrations_lock', 'titles', 'card_levels', 'locations', 'versions'];

/** Creates a database on the server of `DATABASE_URL`, removed at the end of the run, and returns its URL. */
async function createDatabase(server: string): Promise<string> {
  const name = `pratu_test_${randomHex(32)}`;
  const admin = async (sql: string): Promise<void> => {
    const settings = { ...(await testConfig()).database, url: server };
    // creating a database takes longer than the limit of a request
    const client = new Client({ ...connectionOf(settings), options: '', query_timeout: 0 });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  atEnd(() => admin(`drop database if exists ${name} with (force)`));
  // the URL may name several hosts, which `new URL` rejects
  return server.replace(/^([a-z]+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`);
}

/** The location of this run's data: the settings of one database that every test file shares. */
export interface TestPlace {
  url: string | undefined;
  dataDir: string;
}

let place: Promise<TestPlace> | undefined;
let opened: Promise<Database> | undefined;

/** Creates a place of the caller's own, without tables. It is removed at the end of the run. */
export async function newPlace(): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pratu-test-'));
  // a killed process may have left a child that is still ending
  atEnd(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  const server = process.env.DATABASE_URL;
  return { url: server ? await createDatabase(server) : undefined, dataDir };
}

export function testPlace(): Promise<TestPlace> {
  place ??= newPlace();
  return place;
}

/** Opens the database of a place. The caller closes it. */
export async function openPlace({ url, dataDir }: TestPlace): Promise<Database> {
  return openDatabase({ ...(await testConfig()).database, ...(url ? { url } : {}), dataDir });
}

/** The run's database, with all migrations: the embedded one, or a new one on the server of `DATABASE_URL`. */
export function testDatabase(): Promise<Database> {
  opened ??= (async () => {
    const database = await openPlace(await testPlace());
    atEnd(() => database.close());
    await migrate(database);
    return database;
  })();
  return opened;
}

atStart(testDatabase);

let own: Promise<Database> | undefined;

/**
 * A second database, with all migrations, that no server uses. It is for tests that empty tables, or that must find
 * every message where they left it.
 */
export function ownDatabase(): Promise<Database> {
  own ??= (async () => {
    const database = await openPlace(await newPlace());
    atEnd(() => database.close());
    await migrate(database);
    return database;
  })();
  return own;
}

const whenEmptied: (() => Promise<void>)[] = [];

/** Registers a step that removes state which becomes stale when the tables of `testDatabase()` are emptied. */
export const onEmptied = (step: () => Promise<void>): void => void whenEmptied.push(step);

/** Empties every table except those in `KEPT`, so that a test starts without data. */
export async function emptyTables(database: Database): Promise<void> {
  const { knex } = database;
  if (database === (await opened)) {
    for (const step of whenEmptied.splice(0)) await step();
    await forgetCounters();
  }
  const { rows } = await knex.raw(
    'select tablename from pg_tables where schemaname = current_schema() and tablename <> all (?)',
    [KEPT],
  );
  const names = (rows as { tablename: string }[]).map(({ tablename }) => `"${tablename}"`);
  await knex.raw(`truncate ${names.join(', ')} restart identity cascade`);
}
