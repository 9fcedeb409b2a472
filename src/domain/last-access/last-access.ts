import type { Db } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Channel } from '../clients/client.ts';
import { type Access, type LastAccesses, OTHER, readAccesses, writeAccesses } from './last-access-store.ts';

/**
 * When an account was last used through which channel, to the minute. Noted in memory and written together every few
 * seconds, because every request of a customer counts as one: docs/adr/0026.
 */
export interface LastAccess {
  /** Never waits, never fails. A use without a channel counts for the retention of accounts only. */
  note(accountId: number, channel: Channel | undefined): void;
  /** Writes what was noted, in one statement; when that fails it is retained for the next time. */
  flush(): Promise<void>;
  /** What is known now, with what this process has noted. */
  of(accountId: number): Promise<LastAccesses>;
}

/** Pairs of account and channel that wait at most, should the database be away; others are not noted then. */
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
      // rows get the database's time: what counts is how long ago it was
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
