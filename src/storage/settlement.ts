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

/** How long after its request a commit may still become visible, and how often that is checked. */
const WATCHED_MS = 60_000;
const LOOKED_EVERY_MS = 100;
/**
 * What a retry waits before it reads a used code again: together longer than a process leaves a database alone that was
 * away (half a second) and then takes to undo.
 */
const READ_AGAIN_AFTER_MS = [100, 200, 300, 400];
/** Connections at most, which wait for commits that are under way. */
const CONNECTIONS = 3;

const LOCK = 'select 1 from records where id = any($1::uuid[]) order by id for update';

/** What was claimed is unused again, if the unit was committed and nobody has revoked what it made. */
const UNDO = `
  with made as (select 1 from records where id = $1),
  removed as (delete from records where id = any($2::uuid[]) and exists (select from made))
  update records set consumed_at = null where id = any($3::uuid[]) and exists (select from made)`;

/**
 * Whether a unit can be undone: nobody has what it made. The answer of a refresh may have been given to a repetition,
 * which needs no help anyway, and changes of other tables cannot be taken back.
 */
export const canUndo = ({ claims, witness, deletes, revocations, changes }: Writes): boolean =>
  witness !== undefined &&
  claims.length > 0 &&
  claims.every(({ answer }) => answer === undefined) &&
  deletes.length + revocations.length + changes.length === 0;

/**
 * Undoes units that were answered 503 and are committed nevertheless, because PostgreSQL waited for a standby or was
 * frozen: the retry of the client finds its code unused (ADR 64).
 */
export function settlements(database: Database, query: RunQuery): (writes: Writes) => void {
  let free = CONNECTIONS;

  /** Waits for a commit that is under way, by the lock of what it claims. True when it was undone. */
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
    // the first attempt waits in line before any retry of the client
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
      // all at the same times, so that one statement asks for all
      const untilNext = LOOKED_EVERY_MS - (performance.now() % LOOKED_EVERY_MS);
      await pause(untilNext, undefined, { ref: false });
    }
  }

  return (writes) => {
    // the limit of its request is over
    if (canUndo(writes)) outsideOfRequests(() => void settle(writes));
  };
}

/**
 * A record as `read` finds it, once more if it was used up less than a minute ago: another process may be about to undo
 * that. Resolves at once if it is unused, and after a second at most.
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
