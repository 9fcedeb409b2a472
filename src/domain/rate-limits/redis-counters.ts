import type { RedisConnection } from '../../redis/connection.ts';
import { type Counters, consumeOne, counterKey } from './counters.ts';

/**
 * Counts every key unless one has reached its limit. Returns the place of the first that has, from 1, and the
 * milliseconds until its window ends; or nothing. The arguments are a limit and a window in milliseconds for each key.
 */
const TAKE = `
for place, key in ipairs(KEYS) do
  if tonumber(redis.call('get', key) or '0') >= tonumber(ARGV[2 * place - 1]) then
    return { place, redis.call('pttl', key) }
  end
end
for place, key in ipairs(KEYS) do
  if redis.call('incr', key) == 1 then redis.call('pexpire', key, ARGV[2 * place]) end
end
return {}`;

/** Returns 0, or the milliseconds until the window of a key that has reached its limit ends. */
const LOOK = `
if tonumber(redis.call('get', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return redis.call('pttl', KEYS[1]) end
return 0`;

const GIVE_BACK = `
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('get', key) or '0') > 0 then redis.call('decr', key) end
end`;

/**
 * Returns the key of a counter. All keys have one hash tag, so that a script finds its keys on one node of a cluster.
 */
const keyOf = (name: string): string => `{pratu}:counter:${counterKey(name).toString('base64url')}`;

/** Rounds up to at least one second: a window that ends in a moment is no reason to retry immediately. */
const seconds = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));

/** How long Redis is not queried after a failure: a Redis that hangs would block every request. */
const REST_MS = 1000;

interface Deps {
  redis: Pick<RedisConnection, 'run'>;
  fallback: Counters;
  /** Called when counting continues in the database, and when Redis is used again. */
  onBypassed?: ((error: unknown) => void) | undefined;
  onUsed?: (() => void) | undefined;
  /** The milliseconds of a monotonic clock. */
  now?: () => number;
}

/**
 * Counters in Redis for limits that many requests affect. If Redis is unavailable, counting continues in the database,
 * from zero: losing a count once is acceptable, an unlimited number of guesses is not.
 */
export function redisCounters({
  redis,
  fallback,
  onBypassed,
  onUsed,
  now = () => performance.now(),
}: Deps): Counters {
  let failed = false;
  let restsUntil = 0;

  async function ask<T>(command: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    if (failed) {
      if (now() < restsUntil) return otherwise();
      // this request checks whether Redis is back; other requests do not wait for it
      restsUntil = now() + REST_MS;
    }
    try {
      const answered = await command();
      if (failed) onUsed?.();
      failed = false;
      return answered;
    } catch (error) {
      if (!failed) onBypassed?.(error);
      failed = true;
      restsUntil = now() + REST_MS;
      return otherwise();
    }
  }

  const counters: Counters = {
    consume: (name, limit, windowSeconds) => consumeOne(counters, { name, limit, windowSeconds }),
    consumeAll: (wanted) =>
      ask(
        async () => {
          const keys = wanted.map(({ name }) => keyOf(name));
          const values = wanted.flatMap(({ limit, windowSeconds }) => [limit, windowSeconds * 1000]);
          const [place, left = 0] = (await redis.run(TAKE, keys, values)) as number[];
          return place === undefined ? undefined : { index: place - 1, retryAfter: seconds(left) };
        },
        () => fallback.consumeAll(wanted),
      ),
    look: (name, limit) =>
      ask(
        async () => {
          const left = (await redis.run(LOOK, [keyOf(name)], [limit])) as number;
          return left === 0 ? { taken: true, retryAfter: 0 } : { taken: false, retryAfter: seconds(left) };
        },
        () => fallback.look(name, limit),
      ),
    refund: (...names) =>
      ask(
        async () => void (await redis.run(GIVE_BACK, names.map(keyOf))),
        () => fallback.refund(...names),
      ),
  };
  return counters;
}
