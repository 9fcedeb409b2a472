import type { Database } from '../../src/db/database.ts';
import { ageCounters } from './redis.ts';

const realNow = Date.now.bind(Date);
let offset = 0;

/** Redefines the database's clock and this process's `Date.now` so that both are `seconds` ahead of real time. */
export async function setClock({ knex }: Database, seconds: number): Promise<void> {
  const passed = seconds - offset / 1000;
  offset = seconds * 1000;
  Date.now = seconds === 0 ? realNow : () => realNow() + seconds * 1000;
  if (passed > 0) await ageCounters(passed);
  const body = seconds === 0 ? 'select now()' : `select now() + interval '${seconds} seconds'`;
  await knex.raw(
    `create or replace function pratu_now() returns timestamptz language sql stable as '${body.replaceAll("'", "''")}'`,
  );
}

/** Moves time forward by `seconds`, for the database, for Redis and for this process. */
export const moveClock = (database: Database, seconds: number): Promise<void> =>
  setClock(database, offset / 1000 + seconds);

/** Back to real time. */
export const resetClock = async (database: Database): Promise<void> => {
  if (offset !== 0) await setClock(database, 0);
};
