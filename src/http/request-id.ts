import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import { inRequestContext } from '../lib/request-context.ts';
import { clientAddress } from './client-address.ts';

/**
 * Gives every request a random id of 32 hexadecimal digits: `ctx.state.requestId`, the log lines, the audit trail and
 * `X-Request-Id`; and a context in which code finds the id and the caller.
 * A caller's own header is not used: it could carry anything into the log.
 */
export const requestId =
  ({
    trustProxy = 0,
    databaseLimitMs,
  }: {
    trustProxy?: number;
    databaseLimitMs?: number | undefined;
  } = {}): Middleware =>
  (ctx, next) => {
    // 122 of its bits are random, generated many at a time
    ctx.state.requestId = randomUUID().replaceAll('-', '');
    ctx.set('X-Request-Id', ctx.state.requestId);
    const caller = () => ({ address: clientAddress(ctx, trustProxy), userAgent: ctx.get('User-Agent') });
    const waiting = databaseLimitMs === undefined ? undefined : { limitMs: databaseLimitMs };
    return inRequestContext({ requestId: ctx.state.requestId, caller, waiting }, next);
  };
