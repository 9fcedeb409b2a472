import { createHash } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { type Change, oneStatement, runStatement } from '../../db/one-statement.ts';
import type { Statement } from '../../db/run-query.ts';
import { retried } from '../../db/transaction.ts';

export interface Take {
  taken: boolean;
  /** Seconds until the window ends; 0 when the take succeeded. */
  retryAfter: number;
}

/** A count that may go up to a limit in a window of time. */
export interface Wanted {
  name: string;
  limit: number;
  windowSeconds: number;
}

/** The first of several limits that was reached. */
export interface Refused {
  /** Its place among those that were requested, from 0. */
  index: number;
  /** Seconds until its window ends. */
  retryAfter: number;
}

/** Counts of events in a window of time: limits that two processes share. */
export interface Counters {
  /** Counts one event of `name` unless `limit` of them have been counted in the window. */
  consume(name: string, limit: number, windowSeconds: number): Promise<Take>;
  /** Counts one event of every name, in their order, or of none of them: undefined, or the first that refuses. */
  consumeAll(wanted: readonly Wanted[]): Promise<Refused | undefined>;
  /** Whether one could be taken now; takes none. For limits that another claim already keeps from being overrun. */
  look(name: string, limit: number): Promise<Take>;
  /** Gives one of each back: the event turned out not to count. */
  refund(...names: string[]): Promise<void>;
  /**
   * The same in one statement with parts that change other rows (`oneStatement`): all of it or nothing. Outside of
   * transactions it does not wait for the disk. What it changes is durable once a later commit is that waits. Only
   * where counts are in the database.
   */
  refundWith?(parts: readonly Change[], ...names: string[]): Promise<void>;
}

/** Counters whose state operators read and clear. */
export interface ClearableCounters extends Counters {
  /** When the window of a counter that is full ends; undefined while it is not full. */
  fullUntil(name: string, limit: number): Promise<Date | undefined>;
  /** Forgets what was counted. */
  clear(...names: string[]): Promise<void>;
}

/** One name as a list of one. */
export async function consumeOne(counters: Pick<Counters, 'consumeAll'>, wanted: Wanted): Promise<Take> {
  const refused = await counters.consumeAll([wanted]);
  return { taken: refused === undefined, retryAfter: refused?.retryAfter ?? 0 };
}

/** A name may hold an address or a number of a person, so only its hash is a key. */
export const counterKey = (name: string): Buffer => createHash('sha256').update(name).digest();

/**
 * Counters in PostgreSQL. A window starts at the first event and ends `windowSeconds` later; the statement that
 * counts is the one that decides, so simultaneous events never pass the limit. Every sign-in from anywhere counts on
 * one row, which is held until its commit is done: outside of transactions that does not wait for the disk, and a crash
 * of PostgreSQL may forget the counts of its last moment.
 */
export const databaseCounters = ({ db }: { db: Db }): ClearableCounters => {
  const lasting = db.isTransaction === true;
  /** In a caller's transaction, the whole transaction is retried. */
  const run = <Row>(statement: Statement): Promise<{ rows: Row[] }> => {
    const once = () => runStatement<Row>(db, statement);
    return lasting ? once() : retried(once);
  };
  const givingBack = (names: readonly string[]): Statement => ({
    text: 'select pratu_give_back($1, $2)',
    values: [names.map(counterKey), lasting],
  });

  /** Seconds until a counter that is full starts again; undefined while it is not full. */
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
