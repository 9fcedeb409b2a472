import type { Config } from '../config/config.ts';
import { AppError } from '../errors/app-error.ts';
import { type Bulkhead, bulkhead } from '../lib/bulkhead.ts';

/** Pictures that are decoded at the same time, by all workers or one each: each may take 100 MB. */
const IMAGES_AT_ONCE = 2;

export interface Bulkheads {
  /** Password hashes that are computed at the same time. */
  hashing: Bulkhead;
  /** Sign-ins with a password: their statements and their hash. */
  signIns: Bulkhead;
  /** Pictures that are decoded. */
  images: Bulkhead;
}

/** What is expensive runs only so many at once; who waits too long is refused with `UNAVAILABLE`. */
export function composeBulkheads({ passwords, server }: Config, onRefused?: () => void): Bulkheads {
  const waiting = {
    queue: passwords.maxQueued,
    waitMs: passwords.maxWaitMs,
    refusal: () => {
      onRefused?.();
      return new AppError('UNAVAILABLE', { retryAfter: 1 });
    },
  };
  const hashing = bulkhead({ ...waiting, size: passwords.maxConcurrent, processes: server.workers });
  return {
    hashing,
    // the statements of a sign-in take about as long as its hash: those of some run while the others hash
    signIns: bulkhead({ ...waiting, size: 2 * hashing.size + 1 }),
    images: bulkhead({ ...waiting, size: Math.ceil(IMAGES_AT_ONCE / server.workers) }),
  };
}
