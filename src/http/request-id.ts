import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import { inRequestContext } from '../lib/request-context.ts';

/**
 * Gives every request a random id of 32 hexadecimal digits: `ctx.state.requestId`, the log lines, the audit trail and
 * `X-Request-Id`.
 * A caller's own header is not used: it could carry anything into the log.
 */
export const requestId = (): Middleware => (ctx, next) => {
  // 122 of its bits are random, generated many at a time
  ctx.state.requestId = randomUUID().replaceAll('-', '');
  ctx.set('X-Request-Id', ctx.state.requestId);
  return inRequestContext({ requestId: ctx.state.requestId }, next);
};
