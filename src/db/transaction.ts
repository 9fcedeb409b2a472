import type { Knex } from 'knex';
import type { Db } from './database.ts';
import { givenUp, mayRetry } from './failures.ts';

const ATTEMPTS = 3;

/**
 * Runs `work` in one transaction, or in the one that `db` already is. A serialization failure or a deadlock
 * tries the whole of it again, three times with jitter, so `work` must not have effects outside the database. Throws
 * `UNAVAILABLE` when that has not helped.
 */
export async function transaction<T>(
  db: Db,
  work: (transaction: Knex.Transaction) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db as Knex.Transaction);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !mayRetry(error)) throw givenUp(error);
      await new Promise((resume) => setTimeout(resume, 10 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
