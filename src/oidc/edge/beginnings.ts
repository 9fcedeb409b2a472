import type { Context } from 'koa';
import type { Counters } from '../../domain/rate-limits/counters.ts';
import { consumeAll, type Limit } from '../../domain/rate-limits/limits.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { addressKey } from '../../lib/addresses.ts';

/**
 * What is stored for unauthenticated callers: new interactions, anonymous sessions, pushed requests and
 * device codes of clients without a secret.
 */
export interface Beginnings {
  /** Takes one, before it is written. Throws `TOO_MANY_ATTEMPTS` when the caller's address has begun too many. */
  take(ctx: Context): Promise<void>;
  /** One has ended in a sign-in and does not count. */
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
    // a count that could not be given back ends with its window; it is no reason to refuse a sign-in
    refund: (ctx) => counters.refund(nameOf(ctx)).catch(() => {}),
  };
}
