import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Channel } from '../clients/client.ts';
import { type Access, type LastAccesses, OTHER, readAccesses, writeAccesses } from './last-access-store.ts';

/**
 * When an account was last used through each channel, to the minute. Recorded in memory and written in batches every
 * few seconds, because every request of a customer counts as a use: docs/adr/0026.
 */
export interface LastAccess {
  /** Never waits and never fails. A use without a channel only counts for the retention of accounts. */
  note(accountId: number, channel: Channel | undefined): void;
  /** Writes the recorded uses in one statement. If that fails, they are kept for the next time. */
  flush(): Promise<void>;
  /** Returns the last uses of the account, including those that this process has recorded but not yet written. */
  of(accountId: number): Promise<LastAccesses>;
}

/**
 * The maximum number of waiting pairs of account and channel while the database is unavailable. Further pairs are
 * dropped.
 */
const MOST = 50_000;

type Noted = Omit<Access, 'age'> & { at: number };

export function lastAccess({ db, clock }: { db: Db; clock: Clock }): LastAccess {
  let waiting = new Map<string, Noted>();

  function remember(noted: Noted): void {
    const key = `${noted.accountId} ${noted.channel}`;
    if (waiting.size >= MOST && !waiting.has(key)) return;
    waiting.set(key, noted);
  }

  async function flush(): Promise<void> {
    const taken = [...waiting.values()];
    if (taken.length === 0) return;
    waiting = new Map();
    const now = clock.now().getTime();
    try {
      // rows use the time of the database: only the age is taken from this process
      await writeAccesses(
        db,
        taken.map(({ at, ...access }) => ({ ...access, age: Math.max(0, now - at) / 1000 })),
      );
    } catch (error) {
      const newer = [...waiting.values()];
      waiting = new Map();
      for (const noted of [...taken, ...newer]) remember(noted);
      throw error;
    }
  }

  return {
    note(accountId, channel) {
      remember({ accountId, channel: channel ?? OTHER, at: clock.now().getTime() });
    },
    flush,
    async of(accountId) {
      await flush();
      return readAccesses(db, accountId);
    },
  };
}
