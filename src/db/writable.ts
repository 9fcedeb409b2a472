import type { Database } from './database.ts';
import { runQuery } from './run-query.ts';

/** A write for PostgreSQL's checks of privileges and of read-only transactions, which touches no row. */
const WRITE = 'update versions set version = version where false';

/**
 * Rejects with `UNAVAILABLE` unless both pools reach a database that takes writes. A connection that does not is thrown
 * away, so the next call checks a new one.
 */
export async function requireWritable(database: Database): Promise<void> {
  await Promise.all([database.knex.raw(WRITE), runQuery(database)('writable', WRITE, [])]);
}
