import { createHash } from 'node:crypto';
import type { Db } from '../../db/database.ts';

export interface Take {
  taken: boolean;
  /** Seconds until the window ends; 0 when the take succeeded. */
  retryAfter: number;
}

/** Counts of events in a window of time: limits that two processes share. */
export interface Counters {
  /** Counts one event of `name` unless `limit` of them have been counted in the window. */
  take(name: string, limit: number, windowSeconds: number): Promise<Take>;
  /** Whether one could be taken now; takes none. For limits that another claim already keeps from being overrun. */
  look(name: string, limit: number): Promise<Take>;
  /** Gives one back: the event turned out not to count. */
  giveBack(name: string): Promise<void>;
}

/** A name may hold an address or a number of a person, so only its hash is a key. */
export const counterKey = (name: string): Buffer => createHash('sha256').update(name).digest();

/**
 * Counters in PostgreSQL. A window starts at the first event and ends `windowSeconds` later; the statement that
 * counts is the one that decides, so simultaneous events never pass the limit.
 */
export const databaseCounters = ({ db }: { db: Db }): Counters => {
  /** Seconds until a counter that is full starts again; undefined while it is not full. */
  async function secondsLeft(key: Buffer, limit: number): Promise<number | undefined> {
    const row = await db('counters')
      .where({ key })
      .where('count', '>=', limit)
      .whereRaw('resets_at > pratu_now()')
      .first(db.raw('ceil(extract(epoch from resets_at - pratu_now()))::int as seconds'));
    return row && Math.max(1, (row as { seconds: number }).seconds);
  }

  return {
    async take(name, limit, windowSeconds) {
      const key = counterKey(name);
      const { rows } = await db.raw(
        `insert into counters as c (key, count, resets_at)
         values (?, 1, pratu_now() + make_interval(secs => ?))
       on conflict (key) do update set
         count = case when c.resets_at <= pratu_now() then 1 else c.count + 1 end,
         resets_at = case when c.resets_at <= pratu_now() then excluded.resets_at else c.resets_at end
       where c.resets_at <= pratu_now() or c.count < ?
       returning count`,
        [key, windowSeconds, limit],
      );
      if (rows.length > 0) return { taken: true, retryAfter: 0 };
      return { taken: false, retryAfter: (await secondsLeft(key, limit)) ?? 1 };
    },
    async look(name, limit) {
      const seconds = await secondsLeft(counterKey(name), limit);
      return { taken: seconds === undefined, retryAfter: seconds ?? 0 };
    },
    async giveBack(name) {
      await db('counters')
        .where({ key: counterKey(name) })
        .where('count', '>', 0)
        .decrement('count', 1);
    },
  };
};
