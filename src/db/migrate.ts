import knexModule, { type Knex } from 'knex';
import type { ConnectionConfig } from './client.ts';
import type { Database } from './database.ts';
import { dialect } from './dialect.ts';
import { translateFailure } from './failures.ts';
import { lockRetries } from './lock-retries.ts';
import { MigrationFailure } from './migration-failure.ts';
import { whileNoOtherMigrates } from './migration-lock.ts';
import { type MigrationFile, migrationSource } from './migration-source.ts';
import { type OnProgress, runMigration, workName } from './run-migration.ts';
import { optionsOf, type SessionSettings } from './session-settings.ts';

export const MIGRATIONS = new URL('../../migrations/', import.meta.url);

const optionsFor = (
  run: (migration: MigrationFile, knex: Knex) => Promise<void>,
  directory: URL,
): Knex.MigratorConfig => ({ migrationSource: migrationSource(directory, run), tableName: 'migrations' });

export interface MigrationState {
  applied: string[];
  /** Names of files. */
  pending: string[];
}

/** Returns the migrations that are applied and those that are pending. */
export async function migrationState({ knex }: Database, directory = MIGRATIONS): Promise<MigrationState> {
  const options = optionsFor(async () => {}, directory);
  const [done, pending] = (await knex.migrate.list(options)) as [{ name: string }[], string[]];
  return { applied: done.map(({ name }) => name), pending };
}

/** Migrations have other limits than requests; see also `runMigration`. */
const LIMITS: SessionSettings = {
  statement_timeout: 0,
  lock_timeout: 1000,
  idle_in_transaction_session_timeout: 0,
};

/** Returns the connection of requests with these limits instead of its own. */
const limited = ({ connection, pooled }: Database): ConnectionConfig => ({
  ...connection,
  ...(pooled ? {} : { options: `${connection.options ?? ''} ${optionsOf(LIMITS)}` }),
  query_timeout: 0,
});

/** One connection for the migrations themselves. */
const migrator = (database: Database): Knex =>
  knexModule({
    client: dialect,
    connection: limited(database) as Knex.StaticConnectionConfig,
    pool: { min: 0, max: 1 },
    log: { warn: () => {} },
    circuitBreaker: database.circuitBreaker,
    ...(database.pooled ? { begin: database.begin } : {}),
  } as Knex.Config);

/** How long to wait for other processes that migrate, and for each lock on what other transactions hold. */
const WAIT_MS = 60_000;

export interface MigrateOptions {
  onProgress?: OnProgress | undefined;
  waitMs?: number | undefined;
  /** The folder of the migrations; a test has its own. */
  directory?: URL;
}

/**
 * Brings the schema up to date, forward only. Each migration runs in a transaction of its own, or without one. Returns
 * the names of the migrations that this call applied. Throws `MigrationFailure`, which names the migration and its
 * statement, and `UNAVAILABLE` when the database does not respond.
 */
export async function migrate(
  database: Database,
  { onProgress = () => {}, waitMs = WAIT_MS, directory = MIGRATIONS }: MigrateOptions = {},
): Promise<string[]> {
  const knex = migrator(database);
  const retries = lockRetries(waitMs);
  const options = optionsFor(
    (file, tx) => runMigration(file, tx, { onProgress, pooled: database.pooled, retries }),
    directory,
  );

  /**
   * Returns what `step` applies. A transaction that waited for a lock is rolled back, so its migration is retried from
   * its beginning.
   */
  async function applied(step: 'latest' | 'up'): Promise<string[]> {
    for (;;) {
      try {
        const [, names] = (await knex.migrate[step](options)) as [number, string[]];
        return names;
      } catch (error) {
        const { migration, statement } = error instanceof MigrationFailure ? error : {};
        if (migration === undefined) throw error;
        await retries.before(workName(migration, statement), error, () =>
          onProgress({ kind: 'waiting', migration }),
        );
      }
    }
  }

  async function all(isNew: boolean): Promise<string[]> {
    // no other process is migrating: a lock in this table was left by a process that was killed
    await knex.migrate.forceFreeMigrationsLock(options);
    // one by one, so that no lock is held for longer than its own migration; a new database has no other clients
    const names = isNew ? await applied('latest') : [];
    for (;;) {
      const more = await applied('up');
      if (more.length === 0) return names;
      names.push(...more);
    }
  }

  try {
    const [done, pending] = (await knex.migrate.list(options)) as [unknown[], string[]];
    if (pending.length === 0) return [];
    const work = (): Promise<string[]> => all(done.length === 0);
    // embedded, all connections share one session, which cannot wait for itself
    if (database.embedded) return await work();
    return await whileNoOtherMigrates(limited(database), waitMs, work);
  } catch (error) {
    throw error instanceof MigrationFailure ? error : translateFailure(error);
  } finally {
    await knex.destroy();
  }
}
