import type { Database } from '../../src/db/database.ts';
import { ageCounters } from './redis.ts';

const realNow = Date.now.bind(Date);
let offset = 0;
const moved = new Set<Database>();

/** Sets the clock of the database and `Date.now` of this process to `seconds` ahead of real time. */
export async function setClock(database: Database, seconds: number): Promise<void> {
  const passed = seconds - offset / 1000;
  offset = seconds * 1000;
  Date.now = seconds === 0 ? realNow : () => realNow() + seconds * 1000;
  moved.add(database);
  if (passed > 0) await ageCounters(passed);
  const body = seconds === 0 ? 'select now()' : `select now() + interval '${seconds} seconds'`;
  await database.knex.raw(
    `create or replace function pratu_now() returns timestamptz language sql stable as '${body.replaceAll("'", "''")}'`,
  );
}

/** Moves time forward by `seconds`, for the database, for Redis and for this process. */
export const moveClock = (database: Database, seconds: number): Promise<void> =>
  setClock(database, offset / 1000 + seconds);

/** Returns every database whose clock was moved to real time. Opens no database for a test that needs none. */
export async function resetClock(): Promise<void> {
  const databases = [...moved];
  moved.clear();
  for (const database of databases) await setClock(database, 0);
  moved.clear();
}
