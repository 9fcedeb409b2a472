import type { Context } from 'koa';
import type { Counters } from '../../domain/rate-limits/counters.ts';
import { consumeAll, type Limit } from '../../domain/rate-limits/limits.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { addressKey } from '../../lib/addresses.ts';

/**
 * Limits the rows that are stored for unauthenticated callers: new interactions, anonymous sessions, and the pushed
 * requests and device codes of clients without a secret.
 */
export interface Beginnings {
  /**
   * Counts one row before it is written. Throws `TOO_MANY_ATTEMPTS` when the caller's address has reached its limit.
   */
  take(ctx: Context): Promise<void>;
  /** Uncounts one row, because it has led to a sign-in. */
  refund(ctx: Context): Promise<void>;
}

interface Deps {
  counters: Counters;
  addressOf: (ctx: Context) => string;
  refusals: Pick<Refusals, 'ofLimits'>;
  limits: { beginningsPerAddress: number; addressWindowSeconds: number };
}

export function beginnings({ counters, refusals, addressOf, limits }: Deps): Beginnings {
  const nameOf = (ctx: Context): string => `begun ${addressKey(addressOf(ctx))}`;
  return {
    async take(ctx) {
      const limit: Limit = {
        name: nameOf(ctx),
        limit: limits.beginningsPerAddress,
        windowSeconds: limits.addressWindowSeconds,
        label: 'beginnings',
      };
      await refusals.ofLimits(
        () => ({ event: 'sign_in.refused' }),
        { subject: nameOf(ctx), address: addressOf(ctx) },
        () => consumeAll(counters, [limit]),
      );
    },
    // a count that could not be refunded ends with its window; this must not refuse a sign-in
    refund: (ctx) => counters.refund(nameOf(ctx)).catch(() => {}),
  };
}
