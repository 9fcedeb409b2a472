import type { Context, Middleware } from 'koa';
import type { Counters } from '../../domain/rate-limits/counters.ts';
import { consumeAll, type Limit } from '../../domain/rate-limits/limits.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { isUnknownUserCode } from './pages.ts';
import { routes } from './routes.ts';

interface Deps {
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  addressOf: (ctx: Context) => string;
}

const WRONG_PER_ADDRESS = 20;
/** The format in which the library generates codes, without the separators. */
const USER_CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

/** Returns the code in a form of the device page; undefined when there is none or its format is wrong. */
function userCodeOf(ctx: Context): string | undefined {
  if (ctx.path !== routes.code_verification || ctx.method !== 'POST') return undefined;
  const form = new URLSearchParams(String((ctx.req as { body?: string }).body ?? ''));
  const code = (form.get('user_code') ?? '').replaceAll(/\W/g, '').toUpperCase();
  return USER_CODE.test(code) ? code : undefined;
}

/** Limits the number of codes without a device that an address may enter (RFC 8628 §5.1). */
export function deviceGuesses({ counters, refusals, addressOf }: Deps): Middleware {
  return async (ctx, next) => {
    if (userCodeOf(ctx) === undefined) return next();
    const name = `user code wrong ${addressKey(addressOf(ctx))}`;
    const limit: Limit = {
      name,
      limit: WRONG_PER_ADDRESS,
      windowSeconds: HOUR_SECONDS,
      label: 'device_codes',
    };
    const refund = await refusals.ofLimits(
      () => ({ event: 'code.refused', details: { purpose: 'device' } }),
      { subject: name, address: addressOf(ctx) },
      () => consumeAll(counters, [limit]),
    );
    try {
      await next();
    } finally {
      if (!isUnknownUserCode(ctx)) await refund();
    }
  };
}
