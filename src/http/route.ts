import type { Context } from 'koa';

/**
 * The pattern of the route that served a request, for logs and metrics: never the path as sent, which may
 * hold a secret and has no end of different values. A surface that has no router sets `ctx.state.route`.
 */
export const routeOf = (ctx: Context): string => String(ctx.state.route ?? ctx._matchedRoute ?? 'unmatched');
