import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { lockSweep, removeBatch, SWEPT_TABLES, type SweptTable } from './sweep-store.ts';

/** How many batches of a table one run removes at most: a backlog is worked off over several runs. */
const BATCHES = 20;

/** Removes rows that are over, in small batches and short transactions, by one process at a time. */
export async function sweep({ db, batch }: { db: Db; batch: number }): Promise<Record<string, number>> {
  const removed: Partial<Record<SweptTable, number>> = {};
  for (const table of SWEPT_TABLES) {
    for (let run = 0; run < BATCHES; run += 1) {
      const count = await transaction(db, async (tx) =>
        (await lockSweep(tx)) ? removeBatch(tx, table, batch) : 0,
      );
      removed[table] = (removed[table] ?? 0) + count;
      if (count < batch) break;
    }
  }
  return removed;
}
