import type { Context } from 'koa';

/** The replacement for a pattern, for a path that matches no route. */
export const UNMATCHED = 'unmatched';

/**
 * Returns the pattern of the route that served a request, for logs and metrics. Never returns the path as sent, which
 * may contain a secret and has an unlimited number of values. A surface without a router sets `ctx.state.route`.
 */
export const routeOf = (ctx: Context): string => String(ctx.state.route ?? ctx._matchedRoute ?? UNMATCHED);

interface Route {
  methods: readonly string[];
}

/**
 * Returns the routes that match the path of a request, with any method, in every router that it has passed. @koa/router
 * records them.
 */
export const routesPassed = (ctx: Context): readonly Route[] =>
  (ctx as unknown as { matched?: readonly Route[] }).matched ?? [];

/**
 * Returns the methods of the routes that match the path of a request, for `Allow` (RFC 9110 §15.5.6). Returns none if
 * one of them is the method of the request. Complete once every router has been tried.
 */
export function methodsInstead(ctx: Context): string[] {
  const methods = new Set(routesPassed(ctx).flatMap((route) => route.methods));
  return methods.has(ctx.method) ? [] : [...methods].sort();
}
