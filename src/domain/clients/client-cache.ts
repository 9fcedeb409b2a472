import type { Clock } from '../../lib/clock.ts';
import type { StoredClient } from './client.ts';

/** A secret that expires while its client is remembered must not work for longer than this. */
const LONGEST_MS = 30_000;
const MOST = 5_000;

export interface ClientCache {
  find(id: string): Promise<StoredClient | undefined>;
  /** Forgets everything: a client changed, here or on another process. */
  clear(): void;
}

/**
 * Clients in memory, because every request needs one. Unknown ids are not remembered: a client that another process
 * has just registered is found at once.
 */
export function clientCache(deps: {
  read: (id: string) => Promise<StoredClient | undefined>;
  clock: Clock;
}): ClientCache {
  let remembered = new Map<string, { client: StoredClient; until: number }>();
  return {
    async find(id) {
      const now = deps.clock.now().getTime();
      const entry = remembered.get(id);
      if (entry && entry.until > now) return entry.client;
      // a read that a change overtakes goes into the map that the change has thrown away
      const target = remembered;
      const client = await deps.read(id);
      target.delete(id);
      if (client && target.size < MOST) target.set(id, { client, until: now + LONGEST_MS });
      return client;
    },
    clear() {
      remembered = new Map();
    },
  };
}
