import type { Db } from './database.ts';

/**
 * Waits until no other transaction has the turn for `name`. The turn ends with the caller's transaction. Serialises
 * work for which there is no row to lock yet.
 */
export async function takeTurn(transaction: Db, name: string): Promise<void> {
  await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name]);
}
