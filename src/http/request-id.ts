import type { Middleware } from 'koa';
import { randomHex } from '../lib/ids.ts';

/**
 * Gives every request an id of 128 random bits: `ctx.state.requestId`, the log lines and `X-Request-Id`.
 * A caller's own header is not used: it could carry anything into the log.
 */
export const requestId = (): Middleware => (ctx, next) => {
  ctx.state.requestId = randomHex(128);
  ctx.set('X-Request-Id', ctx.state.requestId);
  return next();
};
