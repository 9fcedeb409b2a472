import knexModule, { type Knex } from 'knex';
import pg from 'pg';
import type { Database } from './database.ts';
import { dialect } from './dialect.ts';
import { translateFailure } from './failures.ts';
import { migrationSource } from './migration-source.ts';
import { optionsOf, type SessionSettings } from './session-settings.ts';

const options = {
  migrationSource: migrationSource(new URL('../../migrations/', import.meta.url)),
  tableName: 'migrations',
};
/** An arbitrary number that only this program locks: two servers that start at once migrate one by one. */
const LOCK = 7_246_113;

export interface MigrationState {
  applied: string[];
  pending: string[];
}

/** Which migrations the database has, and which it lacks. */
export async function migrationState({ knex }: Database): Promise<MigrationState> {
  const [done, pending] = (await knex.migrate.list(options)) as [{ name: string }[], string[]];
  return { applied: done.map(({ name }) => name), pending };
}

/**
 * A migration may take longer than a request on a large table, and must not make requests wait: it gives up a lock
 * that it does not get, and the whole migration runs again at the next attempt.
 */
const LIMITS: SessionSettings = {
  statement_timeout: 0,
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 0,
};

/** The connection of every request, with these limits instead of its own. */
const limited = (
  { connection: { options = '', ...address } }: Database,
  limits: SessionSettings,
): pg.ClientConfig => ({
  ...address,
  options: `${options} ${optionsOf(limits)}`,
  query_timeout: 0,
});

/** One connection for the migrations themselves. */
const migrator = (database: Database): Knex =>
  knexModule({
    client: dialect,
    connection: limited(database, LIMITS) as Knex.StaticConnectionConfig,
    pool: { min: 0, max: 1 },
    log: { warn: () => {} },
    circuitBreaker: database.circuitBreaker,
  } as Knex.Config);

/**
 * Brings the schema up to date, forward only. Returns the names of what was applied now. Throws `UNAVAILABLE` when the
 * database does not respond.
 */
export async function migrate(database: Database): Promise<string[]> {
  // it waits for as long as another server migrates
  const guard = new pg.Client(limited(database, { statement_timeout: 0, lock_timeout: 0 }));
  const knex = migrator(database);
  // one that breaks between its statements would end the process
  guard.on('error', () => {});
  try {
    await guard.connect();
    await guard.query('select pg_advisory_lock($1)', [LOCK]);
    const [, applied] = (await knex.migrate.latest(options)) as [number, string[]];
    return applied;
  } catch (error) {
    throw translateFailure(error);
  } finally {
    await knex.destroy();
    await guard.end().catch(() => {});
  }
}
