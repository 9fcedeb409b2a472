import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Added } from '../messages/outbox.ts';

class NotMailed extends Error {}

/**
 * Does `work`, which ends with the mail that it adds, and undoes it when that mail was dropped because its address has
 * had enough: an earlier secret stays the good one, instead of being replaced by one that nobody gets. Joins an open
 * transaction, of which only this part is undone.
 */
export const ifMailed = (db: Db, work: (tx: Db) => Promise<Added>): Promise<void> =>
  transaction(db, async (open) => {
    try {
      await open.transaction(async (tx) => {
        if ((await work(tx)) === 'dropped') throw new NotMailed();
      });
    } catch (error) {
      if (!(error instanceof NotMailed)) throw error;
    }
  });
