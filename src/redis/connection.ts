import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import type { Config } from '../config/config.ts';

/**
 * A connection that fails at once: with ioredis' own defaults a request would wait for more than a minute when
 * Redis is down. It reconnects in the background; `undefined` without `REDIS_URL`. `onError` hears of every
 * connection that fails.
 */
export function connectRedis(
  { url, commandTimeoutMs }: Config['redis'],
  onError: (error: unknown) => void = () => {},
): Redis | undefined {
  if (!url) return undefined;
  // loaded where there is a Redis only
  const { Redis: Client } = createRequire(import.meta.url)('ioredis') as typeof import('ioredis');
  const redis = new Client(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  // every use handles its own failure; without a listener each lost connection would end the process
  redis.on('error', onError);
  return redis;
}
