import type { Config } from '../config/config.ts';
import { AppError } from '../errors/app-error.ts';
import { type Bulkhead, bulkhead } from '../lib/bulkhead.ts';

/** Pictures decoded at the same time by all workers together, but at least one per worker. Each may take 100 MB. */
const IMAGES_AT_ONCE = 2;

export interface Bulkheads {
  /** The password hashes computed at the same time. */
  hashing: Bulkhead;
  /** The sign-ins with a password: their statements and their hash. */
  signIns: Bulkhead;
  /** The pictures decoded at the same time. */
  images: Bulkhead;
}

/**
 * Limits the concurrency of expensive work. A caller that waits too long is refused with `UNAVAILABLE`. `onRefused` is
 * called for refused passwords, not for pictures.
 */
export function composeBulkheads({ passwords, server }: Config, onRefused?: () => void): Bulkheads {
  const refusal = (): AppError => new AppError('UNAVAILABLE', { retryAfter: 1 });
  const waiting = { queue: passwords.maxQueued, waitMs: passwords.maxWaitMs, refusal };
  const ofPasswords = {
    ...waiting,
    refusal: () => {
      onRefused?.();
      return refusal();
    },
  };
  const hashing = bulkhead({ ...ofPasswords, size: passwords.maxConcurrent, processes: server.workers });
  return {
    hashing,
    // the statements of a sign-in take about as long as its hash: some sign-ins run theirs while others hash
    signIns: bulkhead({ ...ofPasswords, size: 2 * hashing.size + 1 }),
    images: bulkhead({ ...waiting, size: Math.ceil(IMAGES_AT_ONCE / server.workers) }),
  };
}
