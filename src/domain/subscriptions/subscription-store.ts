import type { Db } from '../../db/database.ts';
import type { Subscription } from './subscription.ts';

/** In the order in which they were created. */
export const readSubscriptions = (db: Db, accountId: number): Promise<Subscription[]> =>
  db('subscriptions').where({ account_id: accountId }).orderBy('id').select('topic', 'channel');

/** Replaces the account's subscriptions with a list without duplicates. */
export async function replaceSubscriptions(
  db: Db,
  accountId: number,
  list: readonly Subscription[],
): Promise<void> {
  await db('subscriptions').where({ account_id: accountId }).delete();
  if (list.length === 0) return;
  await db('subscriptions').insert(list.map((one) => ({ ...one, account_id: accountId })));
}
