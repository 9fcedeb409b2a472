import type { Db } from '../../db/database.ts';
import { distinct, type Subscription } from './subscription.ts';
import { readSubscriptions, replaceSubscriptions } from './subscription-store.ts';

/** What accounts want to hear of. */
export interface Subscriptions {
  /** Those of topics that there are; a topic that was given up is not listed. */
  list(accountId: number): Promise<Subscription[]>;
  /** Puts a list in place of the account's, in the caller's transaction, which has locked the account. */
  replace(db: Db, accountId: number, list: readonly Subscription[]): Promise<void>;
}

interface Deps {
  db: Db;
  /** The topics that there are. */
  topics: readonly string[];
}

export const subscriptions = ({ db, topics }: Deps): Subscriptions => ({
  async list(accountId) {
    const all = await readSubscriptions(db, accountId);
    return all.filter(({ topic }) => topics.includes(topic));
  },
  replace: (tx, accountId, list) => replaceSubscriptions(tx, accountId, distinct(list)),
});
