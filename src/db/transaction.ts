import type { Knex } from 'knex';
import type { Db } from './database.ts';
import { givenUp, mayRetry } from './failures.ts';

const ATTEMPTS = 3;

/**
 * Runs a statement or a transaction of its own. After a serialization failure or a deadlock, runs all of it again, with
 * jitter and at most three attempts. Throws `UNAVAILABLE` if the last one fails in this way.
 */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !mayRetry(error)) throw givenUp(error);
      await new Promise((resume) => setTimeout(resume, 10 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

/**
 * Runs `work` in one transaction, or in `db` if that already is one. The work may be retried (`retried`), so it must
 * not have effects outside the database.
 */
export async function transaction<T>(
  db: Db,
  work: (transaction: Knex.Transaction) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db as Knex.Transaction);
  return retried(() => db.transaction(work));
}
