import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { type Batch, lockSweep, removeBatch, removeDevices, SWEPT_TABLES } from './sweep-store.ts';

/** The number of rows removed from each table by a run. */
export type Removed = Record<string, number>;

/**
 * The pause after a batch, as a multiple of its duration. The sweep uses a quarter of one connection's time and leaves
 * most of the disk to requests.
 */
const PAUSE = 3;

/**
 * Deletes expired rows until none is left, in small batches with one transaction each, in one process at a time. A run
 * ends if another process is sweeping, or when its signal is aborted.
 *
 * Tables take turns, so that a backlog in one does not delay the others. A pause three times as long as the batch
 * follows every batch that deleted rows.
 */
export function sweeper({ db, ...batch }: { db: Db } & Batch): (signal?: AbortSignal) => Promise<Removed> {
  /** The device at which the previous run stopped. Every run checks one batch of devices. */
  let device = '';

  /** Returns the number of rows that the work deletes; undefined if another process is sweeping. */
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
