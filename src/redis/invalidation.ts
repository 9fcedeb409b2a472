import type { RedisConnection } from './connection.ts';

const CHANNEL = 'pratu:changed';

export interface Invalidation {
  /** Tells the other processes that something changed. */
  announce(): void;
  close(): void;
}

/** Passes on that something changed, at once; a message that is lost is made up for by the next poll. */
export function invalidation(redis: RedisConnection, heard: () => void): Invalidation {
  const close = redis.subscribe(CHANNEL, heard);
  return {
    announce: () => void redis.publish(CHANNEL, '').catch(() => {}),
    close,
  };
}
