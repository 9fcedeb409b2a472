import pg from 'pg';
import type { Database } from './database.ts';
import { translateFailure } from './failures.ts';
import { migrationSource } from './migration-source.ts';
import { optionsOf } from './session-settings.ts';

const options = {
  migrationSource: migrationSource(new URL('../../migrations', import.meta.url)),
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
 * Brings the schema up to date, forward only. Returns the names of what was applied now. Throws `UNAVAILABLE` when the
 * database does not answer.
 */
export async function migrate(database: Database): Promise<string[]> {
  const { options: pinned = '', ...address } = database.connection;
  const guard = new pg.Client({
    ...address,
    // it waits for as long as another server migrates
    options: `${pinned} ${optionsOf({ statement_timeout: 0, lock_timeout: 0 })}`,
    query_timeout: 0,
  });
  // one that breaks between its statements would end the process
  guard.on('error', () => {});
  try {
    await guard.connect();
    await guard.query('select pg_advisory_lock($1)', [LOCK]);
    const [, applied] = (await database.knex.migrate.latest(options)) as [number, string[]];
    return applied;
  } catch (error) {
    throw translateFailure(error);
  } finally {
    await guard.end().catch(() => {});
  }
}
