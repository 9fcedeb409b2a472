import type { Middleware } from 'koa';
import type { Tracing } from '../lib/tracing.ts';
import { knownMethod } from './request-metrics.ts';
import { routeOf } from './route.ts';

/** Requested by machines all the time. */
const UNTRACED: ReadonlySet<string> = new Set(['/live', '/ready', '/metrics']);

/**
 * One span for each request, named by its method and the pattern of its route. The path, the query, headers and the
 * caller's address are left out, as they may hold secrets or name a person. The span of a caller becomes its parent
 * only with `trustParent`: otherwise strangers could choose the ids of traces and have each of them recorded.
 */
export const tracedRequests =
  (tracing: Tracing, { trustParent }: { trustParent: boolean }): Middleware =>
  (ctx, next) => {
    if (UNTRACED.has(ctx.path)) return next();
    const { res } = ctx;
    const method = knownMethod(ctx.method);
    const span = tracing.request(method, trustParent ? ctx.headers : undefined);
    ctx.state.traceId = span.traceId;
    res.once('close', () => {
      const route = routeOf(ctx);
      const isAborted = !res.writableFinished;
      span.end({
        name: `${method} ${route}`,
        failed: isAborted || res.statusCode >= 500,
        attributes: {
          'http.request.method': method === 'OTHER' ? '_OTHER' : method,
          'http.route': route,
          'pratu.request_id': ctx.state.requestId,
          ...(isAborted ? { 'error.type': 'aborted' } : { 'http.response.status_code': res.statusCode }),
        },
      });
    });
    return span.run(next);
  };
