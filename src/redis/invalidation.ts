import type { Redis } from 'ioredis';

const CHANNEL = 'pratu:changed';

export interface Invalidation {
  /** Tells the other processes that something changed. */
  announce(): void;
  close(): Promise<void>;
}

/** Passes on that something changed, at once; a message that is lost is made up for by the next poll. */
export function invalidation(redis: Redis, heard: () => void): Invalidation {
  const subscriber = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  subscriber.on('error', () => {});
  subscriber.on('message', heard);
  subscriber.subscribe(CHANNEL).catch(() => {});
  return {
    announce: () => void redis.publish(CHANNEL, '').catch(() => {}),
    async close() {
      subscriber.disconnect();
    },
  };
}
