import type { Redis } from 'ioredis';
import { type Counters, counterKey, type Take } from './counters.ts';

/** Counts unless the limit is reached; answers 0, or the milliseconds until the window ends. */
const TAKE = `
local count = tonumber(redis.call('get', KEYS[1]) or '0')
if count >= tonumber(ARGV[1]) then return redis.call('pttl', KEYS[1]) end
if redis.call('incr', KEYS[1]) == 1 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0`;

/** As TAKE, without counting. */
const LOOK = `
if tonumber(redis.call('get', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return redis.call('pttl', KEYS[1]) end
return 0`;

const GIVE_BACK = `
if tonumber(redis.call('get', KEYS[1]) or '0') > 0 then return redis.call('decr', KEYS[1]) end
return 0`;

const keyOf = (name: string): string => `pratu:counter:${counterKey(name).toString('base64url')}`;

const answer = (millisecondsLeft: number): Take =>
  millisecondsLeft === 0
    ? { taken: true, retryAfter: 0 }
    : { taken: false, retryAfter: Math.max(1, Math.ceil(millisecondsLeft / 1000)) };

/**
 * Counters in Redis for limits that many requests touch. When Redis is gone they go on in the database, from zero:
 * losing a count once is allowed, an unlimited number of guesses is not.
 */
export function redisCounters({ redis, fallback }: { redis: Redis; fallback: Counters }): Counters {
  return {
    async take(name, limit, windowSeconds) {
      let left: number;
      try {
        left = (await redis.eval(TAKE, 1, keyOf(name), limit, windowSeconds * 1000)) as number;
      } catch {
        return fallback.take(name, limit, windowSeconds);
      }
      return answer(left);
    },
    async look(name, limit) {
      try {
        return answer((await redis.eval(LOOK, 1, keyOf(name), limit)) as number);
      } catch {
        return fallback.look(name, limit);
      }
    },
    async giveBack(name) {
      try {
        await redis.eval(GIVE_BACK, 1, keyOf(name));
      } catch {
        await fallback.giveBack(name);
      }
    },
  };
}
