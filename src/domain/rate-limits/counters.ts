import { createHash } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { type Change, oneStatement, runStatement } from '../../db/one-statement.ts';
import type { Statement } from '../../db/run-query.ts';
import { retried } from '../../db/transaction.ts';

export interface Take {
  taken: boolean;
  /** Seconds until the window ends; 0 when the event was counted. */
  retryAfter: number;
}

/** A counter and its limit in a window of time. */
export interface Wanted {
  name: string;
  limit: number;
  windowSeconds: number;
}

/** The first of several limits that was reached. */
export interface Refused {
  /** Its index among the requested limits, from 0. */
  index: number;
  /** Seconds until its window ends. */
  retryAfter: number;
}

/** Counts of events in a window of time, which processes share. */
export interface Counters {
  /** Counts one event of `name` unless `limit` of them have been counted in the window. */
  consume(name: string, limit: number, windowSeconds: number): Promise<Take>;
  /**
   * Counts one event of every name, in order, or of none of them. Returns undefined, or the first limit that refuses.
   */
  consumeAll(wanted: readonly Wanted[]): Promise<Refused | undefined>;
  /**
   * Returns whether an event could be counted now, without counting it. For limits that another claim already keeps
   * from being exceeded.
   */
  look(name: string, limit: number): Promise<Take>;
  /** Refunds one event of each name, because it turned out not to count. */
  refund(...names: string[]): Promise<void>;
  /**
   * Does the same in one statement with parts that change other rows (`oneStatement`): all of it or nothing. Outside
   * transactions it does not wait for the disk. Its changes are durable once a later commit that waits is durable. Only
   * available if counts are in the database.
   */
  refundWith?(parts: readonly Change[], ...names: string[]): Promise<void>;
}

/** Counters that operators can read and clear. */
export interface ClearableCounters extends Counters {
  /** Returns when the window of a full counter ends; undefined if it is not full. */
  fullUntil(name: string, limit: number): Promise<Date | undefined>;
  /** Resets the counters. */
  clear(...names: string[]): Promise<void>;
}

/** Counts one name as a list of one. */
export async function consumeOne(counters: Pick<Counters, 'consumeAll'>, wanted: Wanted): Promise<Take> {
  const refused = await counters.consumeAll([wanted]);
  return { taken: refused === undefined, retryAfter: refused?.retryAfter ?? 0 };
}

/** Returns the key of a counter: only a hash, because a name can contain the address or the number of a person. */
export const counterKey = (name: string): Buffer => createHash('sha256').update(name).digest();

/**
 * Counters in PostgreSQL. A window starts at the first event and ends `windowSeconds` later. The statement that counts
 * also decides, so concurrent events never exceed the limit. Every sign-in of the deployment counts on one row, which
 * is locked until its commit is done. Outside transactions that commit does not wait for the disk, and a crash of
 * PostgreSQL can lose the most recent counts.
 */
export const databaseCounters = ({ db }: { db: Db }): ClearableCounters => {
  const lasting = db.isTransaction === true;
  /** Retries a statement, except in a caller's transaction, which is retried as a whole. */
  const run = <Row>(statement: Statement): Promise<{ rows: Row[] }> => {
    const once = () => runStatement<Row>(db, statement);
    return lasting ? once() : retried(once);
  };
  const givingBack = (names: readonly string[]): Statement => ({
    text: 'select pratu_give_back($1, $2)',
    values: [names.map(counterKey), lasting],
  });

  /** Returns the seconds until a full counter restarts; undefined if it is not full. */
  async function secondsLeft(key: Buffer, limit: number): Promise<number | undefined> {
    const row = await db('counters')
      .where({ key })
      .where('count', '>=', limit)
      .whereRaw('resets_at > pratu_now()')
      .first(db.raw('ceil(extract(epoch from resets_at - pratu_now()))::int as seconds'));
    return row && Math.max(1, (row as { seconds: number }).seconds);
  }

  const counters: ClearableCounters = {
    consume: (name, limit, windowSeconds) => consumeOne(counters, { name, limit, windowSeconds }),
    async consumeAll(wanted) {
      const { rows } = await run<{ refused: number; seconds: number }>({
        text: 'select * from pratu_take($1, $2, $3, $4)',
        values: [
          wanted.map(({ name }) => counterKey(name)),
          wanted.map(({ limit }) => limit),
          wanted.map(({ windowSeconds }) => windowSeconds),
          lasting,
        ],
      });
      const [row] = rows;
      return row && { index: row.refused - 1, retryAfter: row.seconds };
    },
    async look(name, limit) {
      const seconds = await secondsLeft(counterKey(name), limit);
      return { taken: seconds === undefined, retryAfter: seconds ?? 0 };
    },
    async fullUntil(name, limit) {
      const row = await db('counters')
        .where({ key: counterKey(name) })
        .where('count', '>=', limit)
        .whereRaw('resets_at > pratu_now()')
        .first('resets_at');
      return row?.resets_at;
    },
    async clear(...names) {
      await db('counters').whereIn('key', names.map(counterKey)).delete();
    },
    async refund(...names) {
      await run(givingBack(names));
    },
    async refundWith(parts, ...names) {
      await run(oneStatement([...parts, givingBack(names)]));
    },
  };
  return counters;
};
