import type { Database } from '../../src/db/database.ts';
import { forgetCounters } from './redis.ts';

/** Deletes all counters in the database and in Redis. */
export async function forgetCounts({ knex }: Pick<Database, 'knex'>): Promise<void> {
  await knex('counters').delete();
  await forgetCounters();
}
