import type { Context, Middleware } from 'koa';
import { refusalOf } from './refusal.ts';
import { routeOf, UNMATCHED } from './route.ts';

/** A refused request, without anything that identifies the person. */
export interface RefusedAnswer {
  requestId: string;
  method: string;
  /** The pattern of the route. */
  route: string;
  status: number;
  /** A code of the catalogue, or an OAuth error. */
  error: string | null;
  reason: string | null;
  clientId: string | null;
}

const LOWEST_STATUS = 400;

/** Returns the refusal of a response that was sent; undefined for other responses and for paths without a route. */
function refusedAnswer(ctx: Context): RefusedAnswer | undefined {
  const { statusCode: status, writableFinished } = ctx.res;
  const refusal = refusalOf(ctx);
  const route = routeOf(ctx);
  const isRefused = refusal !== undefined || (status >= LOWEST_STATUS && ctx.state.isExpected !== true);
  if (!writableFinished || route === UNMATCHED || !isRefused) return undefined;
  const { requestId, clientId = null } = ctx.state;
  const { error = null, reason = null } = refusal ?? {};
  return { requestId, method: ctx.method, route, status, error, reason, clientId };
}

/** Reports every refused request once its response has been sent. Operators look it up by its id. */
export const refusedAnswers =
  (onRefused: (refused: RefusedAnswer) => void): Middleware =>
  (ctx, next) => {
    ctx.res.once('close', () => {
      const refused = refusedAnswer(ctx);
      if (refused) onRefused(refused);
    });
    return next();
  };
