import type { Database } from './database.ts';
import { runQuery } from './run-query.ts';

/** A write that changes no row, but for which PostgreSQL checks privileges and read-only transactions. */
const WRITE = 'update versions set version = version where false';

/**
 * Rejects with `UNAVAILABLE` unless both pools reach a database that accepts writes. A connection that does not is
 * discarded, so the next call checks a new one.
 */
export async function requireWritable(database: Database): Promise<void> {
  await Promise.all([database.knex.raw(WRITE), runQuery(database)('writable', WRITE, [])]);
}
