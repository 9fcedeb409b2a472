import type { Context } from 'koa';

/** In place of a pattern, for a path that no route has. */
export const UNMATCHED = 'unmatched';

/**
 * The pattern of the route that served a request, for logs and metrics: never the path as sent, which may
 * hold a secret and has no end of different values. A surface that has no router sets `ctx.state.route`.
 */
export const routeOf = (ctx: Context): string => String(ctx.state.route ?? ctx._matchedRoute ?? UNMATCHED);

interface Route {
  methods: readonly string[];
}

/**
 * The routes of a request's path, whatever their method, in every router that it has passed: @koa/router notes them.
 */
export const routesPassed = (ctx: Context): readonly Route[] =>
  (ctx as unknown as { matched?: readonly Route[] }).matched ?? [];

/**
 * The methods that the routes of a request's path have, when none of them is the request's: for `Allow` (RFC 9110
 * §15.5.6). Known once every surface was asked.
 */
export function methodsInstead(ctx: Context): string[] {
  const methods = new Set(routesPassed(ctx).flatMap((route) => route.methods));
  return methods.has(ctx.method) ? [] : [...methods].sort();
}
