import type { RedisConnection } from './connection.ts';

const CHANNEL = 'pratu:changed';

export interface Invalidation {
  /** Notifies the other processes of a change. */
  announce(): void;
  close(): void;
}

/** Notifies processes of changes immediately; the next poll makes up for a lost message. */
export function invalidation(redis: RedisConnection, heard: () => void): Invalidation {
  const close = redis.subscribe(CHANNEL, heard);
  return {
    announce: () => void redis.publish(CHANNEL, '').catch(() => {}),
    close,
  };
}
