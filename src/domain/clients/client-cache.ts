import type { Clock } from '../../lib/clock.ts';
import type { StoredClient } from './client.ts';

/** The lifetime of an entry: an expired secret of a cached client remains valid for at most this long. */
const LONGEST_MS = 30_000;
const MOST = 5_000;

export interface ClientCache {
  find(id: string): Promise<StoredClient | undefined>;
  /** Discards all entries after a client was changed, by this or another process. */
  clear(): void;
}

/**
 * An in-memory cache of clients, because every request needs one. Unknown IDs are not cached: a client that another
 * process has just registered is found immediately.
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
      // a read that a change overtakes writes to the discarded map
      const target = remembered;
      const client = await deps.read(id);
      target.delete(id);
      if (!client) return undefined;
      // the first entry is the oldest one, which expires first
      const [oldest] = target.keys();
      if (target.size >= MOST && oldest !== undefined) target.delete(oldest);
      target.set(id, { client, until: now + LONGEST_MS });
      return client;
    },
    clear() {
      remembered = new Map();
    },
  };
}
