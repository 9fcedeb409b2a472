import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { type Batch, lockSweep, removeBatch, removeDevices, SWEPT_TABLES } from './sweep-store.ts';

/** How many rows of each table a run removed. */
export type Removed = Record<string, number>;

/** Of the time that a batch takes: the sweep uses a quarter of one connection, and less of the disk than requests. */
const PAUSE = 3;

/**
 * Removes rows that are over until none is left, in small batches, each a transaction of its own, by one process at a
 * time. A run that finds another process at it ends, as it does at its signal. Tables take turns, so that a backlog of
 * one holds up none of the others, and every batch is followed by a pause three times as long as itself.
 */
export function sweeper({ db, ...batch }: { db: Db } & Batch): (signal?: AbortSignal) => Promise<Removed> {
  /** Every run checks one batch of devices, where the one before stopped. */
  let device = '';

  /** What the work removes; undefined when another process is at it. */
  const alone = (work: (tx: Db) => Promise<number>): Promise<number | undefined> =>
    transaction(db, async (tx) => ((await lockSweep(tx)) ? work(tx) : undefined));

  const someDevices = (): Promise<number | undefined> =>
    alone(async (tx) => {
      const { removed, next } = await removeDevices(tx, device, batch.size);
      device = next;
      return removed;
    });

  return async (signal) => {
    const removed: Removed = { devices: (await someDevices()) ?? 0 };
    let left = SWEPT_TABLES;
    while (left.length > 0) {
      const more: (typeof left)[number][] = [];
      for (const table of left) {
        if (signal?.aborted) return removed;
        const started = performance.now();
        const count = await alone((tx) => removeBatch(tx, table, batch));
        if (count === undefined) return removed;
        removed[table] = (removed[table] ?? 0) + count;
        if (count === batch.size) more.push(table);
        if (count > 0)
          await pause(PAUSE * (performance.now() - started), undefined, { signal }).catch(() => {});
      }
      left = more;
    }
    return removed;
  };
}
