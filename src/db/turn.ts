import type { Db } from './database.ts';

/**
 * Waits until no other transaction has its turn at `name`; the turn ends with the caller's transaction. For what must
 * be one at a time before there is a row to lock.
 */
export async function takeTurn(transaction: Db, name: string): Promise<void> {
  await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name]);
}
