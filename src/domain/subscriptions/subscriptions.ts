import type { Db } from '../../db/database.ts';
import { distinct, type Subscription } from './subscription.ts';
import { readSubscriptions, replaceSubscriptions } from './subscription-store.ts';

/** The topics that accounts have subscribed to. */
export interface Subscriptions {
  /** Lists the subscriptions to configured topics; a topic that was removed from the settings is omitted. */
  list(accountId: number): Promise<Subscription[]>;
  /** Replaces the account's subscriptions, in the caller's transaction, which has locked the account. */
  replace(db: Db, accountId: number, list: readonly Subscription[]): Promise<void>;
}

interface Deps {
  db: Db;
  /** The configured topics. */
  topics: readonly string[];
}

export const subscriptions = ({ db, topics }: Deps): Subscriptions => ({
  async list(accountId) {
    const all = await readSubscriptions(db, accountId);
    return all.filter(({ topic }) => topics.includes(topic));
  },
  replace: (tx, accountId, list) => replaceSubscriptions(tx, accountId, distinct(list)),
});
