import type { Config } from '../../../src/config/config.ts';
import { type RunQuery, runQuery } from '../../../src/db/run-query.ts';
import {
  type PasswordAuthenticator,
  passwordAuthenticator,
} from '../../../src/domain/authenticators/password/password.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { signInThrottle } from '../../../src/domain/rate-limits/sign-in-throttle.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { type Bulkhead, bulkhead } from '../../../src/lib/bulkhead.ts';
import { type PasswordHasher, passwordHasher } from '../../../src/lib/passwords/password-hasher.ts';
import type { EmptyDomain } from '../empty-domain.ts';

const refusal = () => new AppError('UNAVAILABLE', { retryAfter: 1 });

/** A bulkhead that is never full. */
export const roomy = (): Bulkhead => bulkhead({ size: 4, queue: 1000, waitMs: 60_000, refusal });

/** A hasher that defaults to very cheap hashes. */
export const hashesIn = (room: Bulkhead, memoryKiB = 256): PasswordHasher =>
  passwordHasher({ memoryKiB, passes: 1, parallelism: 1, bulkhead: room });

/** A bulkhead that has no room until it is opened. */
export function fullBulkhead(): { full: Bulkhead; open: () => Promise<void> } {
  const full = bulkhead({ size: 1, queue: 0, waitMs: 1, refusal });
  const free = Promise.withResolvers<void>();
  const held = full.run(() => free.promise);
  return {
    full,
    async open() {
      free.resolve();
      await held;
    },
  };
}

interface Parts {
  limits?: Partial<Config['attempts']>;
  onAlert?: () => void;
  hasher?: PasswordHasher;
  query?: RunQuery;
  bulkhead?: Bulkhead;
}

/**
 * A password authenticator with other limits, hashes or room than the settings of the test. Every count is in the
 * database.
 */
export function signingIn(domain: EmptyDomain, parts: Parts = {}): PasswordAuthenticator {
  const { limits = {}, onAlert = () => {}, hasher = hashesIn(roomy()), bulkhead = roomy() } = parts;
  const { query = runQuery(domain.database) } = parts;
  const db = domain.database.knex;
  const counters = databaseCounters({ db });
  return passwordAuthenticator({
    ...domain,
    db,
    query,
    hasher,
    bulkhead,
    throttle: signInThrottle({
      knownOrigins: domain.knownOrigins,
      accountCounters: counters,
      addressCounters: counters,
      limits: { ...domain.config.attempts, ...limits },
      onAlert,
    }),
  });
}
