import type { Database } from '../../src/db/database.ts';
import { forgetCounters } from './redis.ts';

/** Forgets everything that was counted, in the database and in Redis. */
export async function forgetCounts({ knex }: Pick<Database, 'knex'>): Promise<void> {
  await knex('counters').delete();
  await forgetCounters();
}
