import type pg from 'pg';
import type { Database } from '../db/database.ts';
import { givenUp, mayRetry, translateFailure } from '../db/failures.ts';
import { oneStatement } from '../db/one-statement.ts';
import { type RunQuery, statement } from '../db/run-query.ts';
import { STATEMENT } from '../db/statement-name.ts';
import { withinLimit } from '../db/wait-limit.ts';
import { AppError } from '../errors/app-error.ts';
import { outsideOfRequests } from '../lib/request-context.ts';
import type { Outcome, Writes } from './record.ts';
import { COMMIT, commitValues, commitWithChanges, INSERT, insertValues, PRESENT } from './record-sql.ts';
import { settlements } from './settlement.ts';

/** The maximum number of concurrent commits, and of units in one. More would only wait for the same disk. */
const CONCURRENT = 2;
const LARGEST = 128;
const ATTEMPTS = 3;
/**
 * The time for which the outcome of a lost commit is queried. A 503 for a commit that succeeded would consume its code
 * or sign-in in vain. The time is no longer, because a request waits for it.
 */
const ASKED_AFTER_MS = 2500;

interface Waiting {
  writes: Writes;
  /** True once its statement is sent: it may be committed even if its request has ended. */
  begun?: boolean;
  /** True if the response to its request was 503. */
  abandoned?: boolean;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

export interface RecordWriter {
  /**
   * Commits all writes of a unit, or none: see `Outcome`. Rejects with `UNAVAILABLE` if the database is unavailable.
   */
  commit(writes: Writes): Promise<Outcome>;
}

const pause = (attempt: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, 20 * 2 ** Math.min(attempt, ATTEMPTS) * (0.5 + Math.random())));

interface Refused {
  n: number;
  repeated: boolean;
}

const outcomeOf = (refused: Refused | undefined): Outcome => {
  if (!refused) return 'done';
  return refused.repeated ? 'repeated' : 'lost';
};

/** Whether the commit can be refused because another unit was first. */
const mayBeRefused = ({ claims, inserts }: Writes): boolean =>
  claims.length > 0 || inserts.some(({ once }) => once);

const isPlain = (writes: Writes): boolean =>
  writes.deletes.length + writes.revocations.length === 0 && !mayBeRefused(writes);

const isOutage = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAVAILABLE';

const LOST_ANSWER = /^(ECONNRESET|EPIPE)$|terminated|not queryable/i;

/** Whether the connection broke after the statement may have been sent, which leaves its outcome unknown. */
function isUnsure(error: unknown): boolean {
  const { code = '', message = '' } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
  return isOutage(error) && (LOST_ANSWER.test(code) || LOST_ANSWER.test(message));
}

/** Decides after each failure of a commit whether to retry. */
function persistence(): (error: unknown, tried: number) => boolean {
  const began = performance.now();
  let unsure = false;
  return (error, tried) => {
    unsure ||= isUnsure(error);
    if (performance.now() - began > ASKED_AFTER_MS) return false;
    return (isOutage(error) || mayRetry(error)) && (tried < ATTEMPTS || unsure);
  };
}

/** Commits units; those submitted in the same turn of the event loop share one statement. */
export function recordWriter(database: Database, query: RunQuery): RecordWriter {
  const { tracing } = database;
  const settle = settlements(database, query);
  let queue: Waiting[] = [];
  let running = 0;

  async function write(batch: Waiting[]): Promise<void> {
    if (batch.every(({ writes }) => isPlain(writes))) {
      await query('insert-records', INSERT, insertValues(batch));
      for (const { resolve } of batch) resolve('done');
      return;
    }
    const { rows } = await query<Refused>('commit-records', COMMIT, commitValues(batch));
    const refused = new Map(rows.map((row) => [row.n, row]));
    for (const [n, { resolve }] of batch.entries()) resolve(outcomeOf(refused.get(n)));
  }

  /**
   * Resolves the units that were committed before the connection was lost, as their witnesses show. Returns the others.
   */
  async function withoutCommitted(batch: Waiting[]): Promise<Waiting[]> {
    const witnesses = batch.flatMap(({ writes }) => writes.witness ?? []);
    if (witnesses.length === 0) return batch;
    const { rows } = await query<{ id: string }>('present-records', PRESENT, [witnesses]);
    const there = new Set(rows.map(({ id }) => id));
    return batch.filter(({ writes, resolve }) => {
      const committed = there.has(writes.witness ?? '');
      if (committed) resolve('done');
      return !committed;
    });
  }

  async function attempt(batch: Waiting[]): Promise<void> {
    const mayTryAgain = persistence();
    let left = batch;
    for (let tried = 1; left.length > 0; tried += 1) {
      try {
        if (tried > 1) left = await withoutCommitted(left);
        left = left.filter(({ abandoned }) => !abandoned);
        for (const one of left) one.begun = true;
        if (left.length > 0) await write(left);
        return;
      } catch (error) {
        if (mayTryAgain(error, tried)) await pause(tried);
        else if (left.length === 1 || isOutage(error)) {
          for (const { writes, abandoned, reject } of left) {
            if (isOutage(error) && !abandoned) settle(writes);
            reject(givenUp(error));
          }
          return;
        } else {
          // one unit that the database rejects must not fail the others
          for (const one of left) await attempt([one]);
          return;
        }
      }
    }
  }

  function flush(): void {
    while (queue.length > 0 && running < CONCURRENT) {
      const batch = queue.slice(0, LARGEST);
      queue = queue.slice(LARGEST);
      running += 1;
      void attempt(batch).finally(() => {
        running -= 1;
        flush();
      });
    }
  }

  async function isPresent({ witness }: Writes): Promise<boolean> {
    if (witness === undefined) return false;
    return (await query('present-records', PRESENT, [[witness]])).rows.length > 0;
  }

  /**
   * Commits a unit that changes other tables in its own transaction: sign-ins and logouts, which are rare. It is one
   * statement, unless the changes depend on whether the unit is refused.
   */
  async function alone(writes: Writes, isAbandoned: () => boolean): Promise<Outcome> {
    if (!mayBeRefused(writes)) {
      const { name, text, values } = commitWithChanges(writes);
      await query(name, text, values);
      return 'done';
    }
    let client: pg.PoolClient | undefined;
    database.circuitBreaker.refuse();
    try {
      client = await database.records.connect();
      await client.query(database.begin);
      const batch = [{ writes }];
      const { rows } = await client.query(
        statement(database, 'commit-records', { text: COMMIT, values: commitValues(batch) }),
      );
      const outcome = outcomeOf((rows as Refused[])[0]);
      const done = outcome === 'done';
      if (done && writes.changes.length > 0) {
        const { text, values } = oneStatement(writes.changes);
        await client.query(text, values as unknown[]);
      }
      if (isAbandoned()) throw new AppError('UNAVAILABLE', { retryAfter: 1 });
      await client.query(done ? 'commit' : 'rollback');
      client.release();
      return outcome;
    } catch (error) {
      client?.release(true);
      database.circuitBreaker.note(error);
      throw translateFailure(error);
    }
  }

  async function aloneWithRetry(writes: Writes, isAbandoned: () => boolean): Promise<Outcome> {
    const mayTryAgain = persistence();
    for (let tried = 1; ; tried += 1) {
      try {
        if (tried > 1 && (await isPresent(writes))) return 'done';
        return await alone(writes, isAbandoned);
      } catch (error) {
        // without a witness, the outcome stays unknown
        const known = mayRetry(error) || writes.witness !== undefined;
        if (!known || isAbandoned() || !mayTryAgain(error, tried)) throw givenUp(error);
        await pause(tried);
      }
    }
  }

  const writer: RecordWriter = {
    commit(writes) {
      let abandoned = false;
      if (writes.changes.length > 0 || writes.claims.length > 1) {
        const onLate = (): void => {
          abandoned = true;
          settle(writes);
        };
        return withinLimit(() => aloneWithRetry(writes, () => abandoned), { onLate });
      }
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      const waiting: Waiting = { writes, resolve, reject };
      const onLate = (): void => {
        waiting.abandoned = true;
        queue = queue.filter((one) => one !== waiting);
        if (waiting.begun) settle(writes);
      };
      queue.push(waiting);
      // the statement is shared, so it runs outside of any request and does not end with one
      if (queue.length === 1)
        setImmediate(() => outsideOfRequests(tracing ? () => tracing.detached(flush) : flush));
      return withinLimit(() => promise, { onLate });
    },
  };
  if (!tracing) return writer;
  return { commit: (writes) => tracing.child('commit-records', STATEMENT, () => writer.commit(writes)) };
}
