import { setTimeout as pause } from 'node:timers/promises';
import { waitsForLock } from './migration-failure.ts';

const BETWEEN_ATTEMPTS_MS = 1000;

export interface LockRetries {
  /**
   * Resolves when the work `name` is to be retried after `error`. Throws `error` if it did not wait for a lock, or if
   * the work has waited too long.
   */
  before(name: string, error: unknown, onWaiting: () => void): Promise<void>;
  /** Runs `work`, and retries it while other transactions hold what it needs. */
  during(name: string, work: () => Promise<unknown>, onWaiting: () => void): Promise<void>;
}

/**
 * Retries work that waits for locks, for `waitMs` milliseconds. They count from the first lock that work of this name
 * waited for, because everything before it may take hours.
 */
export function lockRetries(waitMs: number): LockRetries {
  const firstWaits = new Map<string, number>();
  const retries: LockRetries = {
    async before(name, error, onWaiting) {
      const now = performance.now();
      const first = firstWaits.get(name) ?? now;
      if (!waitsForLock(error) || now - first >= waitMs) throw error;
      firstWaits.set(name, first);
      onWaiting();
      await pause(BETWEEN_ATTEMPTS_MS);
    },
    async during(name, work, onWaiting) {
      for (;;) {
        try {
          await work();
          firstWaits.delete(name);
          return;
        } catch (error) {
          await retries.before(name, error, onWaiting);
        }
      }
    },
  };
  return retries;
}
