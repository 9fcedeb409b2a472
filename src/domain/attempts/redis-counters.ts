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

/** After a failure, Redis is not asked for so long: one that hangs would make every request wait for it. */
const REST_MS = 1000;

interface Deps {
  redis: Redis;
  fallback: Counters;
  /** Milliseconds of a clock that only goes on. */
  now?: () => number;
}

/**
 * Counters in Redis for limits that many requests touch. When Redis is gone they go on in the database, from zero:
 * losing a count once is allowed, an unlimited number of guesses is not.
 */
export function redisCounters({ redis, fallback, now = () => performance.now() }: Deps): Counters {
  let failed = false;
  let restsUntil = 0;

  async function ask<T>(command: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    if (failed) {
      if (now() < restsUntil) return otherwise();
      // this one finds out whether it is back; the others do not wait for that
      restsUntil = now() + REST_MS;
    }
    try {
      const answered = await command();
      failed = false;
      return answered;
    } catch {
      failed = true;
      restsUntil = now() + REST_MS;
      return otherwise();
    }
  }

  return {
    take: (name, limit, windowSeconds) =>
      ask(
        async () => answer((await redis.eval(TAKE, 1, keyOf(name), limit, windowSeconds * 1000)) as number),
        () => fallback.take(name, limit, windowSeconds),
      ),
    look: (name, limit) =>
      ask(
        async () => answer((await redis.eval(LOOK, 1, keyOf(name), limit)) as number),
        () => fallback.look(name, limit),
      ),
    giveBack: (name) =>
      ask(
        async () => void (await redis.eval(GIVE_BACK, 1, keyOf(name))),
        () => fallback.giveBack(name),
      ),
  };
}
