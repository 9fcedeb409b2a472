import { setTimeout as pause } from 'node:timers/promises';
import { batchedRead } from '../db/batched-read.ts';
import { Client } from '../db/client.ts';
import type { Database } from '../db/database.ts';
import type { RunQuery } from '../db/run-query.ts';
import { beginWith } from '../db/session-settings.ts';
import { pauseWithinLimit } from '../db/wait-limit.ts';
import { outsideOfRequests } from '../lib/request-context.ts';
import type { StoredRecord, Writes } from './record.ts';
import { PRESENT } from './record-sql.ts';

/** The time after a request in which its commit can still become visible, and the interval of the checks. */
const WATCHED_MS = 60_000;
const LOOKED_EVERY_MS = 100;
/**
 * The delays before a retry reads a used code again. In total, they are longer than a process avoids a database that
 * was unavailable (half a second) plus the time to undo.
 */
const READ_AGAIN_AFTER_MS = [100, 200, 300, 400];
/** The maximum number of connections that wait for commits in progress. */
const CONNECTIONS = 3;

const LOCK = 'select 1 from records where id = any($1::uuid[]) order by id for update';

/** Makes the claimed records unused again, if the unit was committed and its records have not been revoked. */
const UNDO = `
  with made as (select 1 from records where id = $1),
  removed as (delete from records where id = any($2::uuid[]) and exists (select from made))
  update records set consumed_at = null where id = any($3::uuid[]) and exists (select from made)`;

/**
 * Whether a unit can be undone because its result was not delivered. The response of a refresh may have been returned
 * to a repetition, which needs no help anyway. Changes of other tables cannot be reverted.
 */
export const canUndo = ({ claims, witness, deletes, revocations, changes }: Writes): boolean =>
  witness !== undefined &&
  claims.length > 0 &&
  claims.every(({ answer }) => answer === undefined) &&
  deletes.length + revocations.length + changes.length === 0;

/**
 * Undoes units whose requests received a 503 but which were committed, because PostgreSQL waited for a standby or was
 * frozen. A retry by the client then finds its code unused (ADR 64).
 */
export function settlements(database: Database, query: RunQuery): (writes: Writes) => void {
  let free = CONNECTIONS;

  /** Waits for a commit in progress, by locking the records it claims. Returns true if it was undone. */
  async function undo({ witness, created, claims }: Writes): Promise<boolean> {
    const client = new Client({ ...database.connection, query_timeout: WATCHED_MS });
    client.on('error', () => {});
    const ids = claims.map(({ id }) => id);
    try {
      await client.connect();
      await client.query(beginWith({ lock_timeout: WATCHED_MS, statement_timeout: WATCHED_MS }));
      await client.query(LOCK, [ids]);
      const { rowCount } = await client.query(UNDO, [witness, created, ids]);
      await client.query('commit');
      return (rowCount ?? 0) > 0;
    } finally {
      await client.end().catch(() => {});
    }
  }

  const present = batchedRead(async (ids: string[]) => {
    const { rows } = await query<{ id: string }>('present-records', PRESENT, [ids]);
    return new Map(rows.map(({ id }) => [id, id]));
  });
  const isPresent = async ({ witness = '' }: Writes): Promise<boolean> =>
    (await present(witness).catch(() => undefined)) !== undefined;

  async function settle(writes: Writes): Promise<void> {
    const until = performance.now() + WATCHED_MS;
    // the first attempt queues for the lock before any retry of the client
    for (let first = true; performance.now() < until; first = false) {
      if (free > 0 && (first || (await isPresent(writes)))) {
        free -= 1;
        const undone = await undo(writes)
          .catch(() => false)
          .finally(() => {
            free += 1;
          });
        if (undone) return;
      }
      // all checks run at the same times, so that they share one statement
      const untilNext = LOOKED_EVERY_MS - (performance.now() % LOOKED_EVERY_MS);
      await pause(untilNext, undefined, { ref: false });
    }
  }

  return (writes) => {
    // the time limit of its request has passed
    if (canUndo(writes)) outsideOfRequests(() => void settle(writes));
  };
}

/**
 * Reads a record, and reads it again if it was used less than a minute ago, as another process may be about to undo the
 * use. Resolves immediately if it is unused, and after at most a second.
 */
export async function readSettled(
  read: () => Promise<StoredRecord | undefined>,
): Promise<StoredRecord | undefined> {
  let record = await read();
  for (const ms of READ_AGAIN_AFTER_MS) {
    if (!record || record.consumed === null || (record.consumedAge ?? 0) * 1000 > WATCHED_MS) return record;
    await pauseWithinLimit(ms);
    record = await read();
  }
  return record;
}
