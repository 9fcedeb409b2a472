import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import { inRequestContext } from '../lib/request-context.ts';
import { clientAddress } from './client-address.ts';

/**
 * Assigns a random id of 32 hexadecimal digits to every request. It is in `ctx.state.requestId`, the log lines, the
 * audit trail and `X-Request-Id`. Also provides a context from which code reads the id and the caller.
 * A header of the caller is not used, because it could put anything into the log.
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
    // 122 of its bits are random; Node.js generates them for many ids at a time
    ctx.state.requestId = randomUUID().replaceAll('-', '');
    ctx.set('X-Request-Id', ctx.state.requestId);
    const caller = () => ({ address: clientAddress(ctx, trustProxy), userAgent: ctx.get('User-Agent') });
    const waiting = databaseLimitMs === undefined ? undefined : { limitMs: databaseLimitMs };
    return inRequestContext({ requestId: ctx.state.requestId, caller, waiting }, next);
  };
