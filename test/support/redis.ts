import { Redis } from 'ioredis';
import { atEnd } from './at-end.ts';

let connection: Redis | undefined;

function opened(): Redis | undefined {
  const url = process.env.REDIS_URL;
  if (!url || connection) return connection;
  connection = new Redis(url);
  atEnd(async () => connection?.disconnect());
  return connection;
}

const counters = (redis: Redis): Promise<string[]> => redis.keys('{pratu}:counter:*');

/** Deletes the counters of servers in Redis, as emptying the tables deletes those in the database. */
export async function forgetCounters(): Promise<void> {
  const redis = opened();
  const keys = redis ? await counters(redis) : [];
  if (keys.length > 0) await redis?.del(keys);
}

/** Advances time for Redis, which has a clock of its own. */
export async function ageCounters(seconds: number): Promise<void> {
  const redis = opened();
  if (!redis) return;
  for (const key of await counters(redis)) {
    const left = await redis.pttl(key);
    // a time to live that is not positive removes the key
    if (left >= 0) await redis.pexpire(key, left - seconds * 1000);
  }
}
