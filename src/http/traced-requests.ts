import type { Middleware } from 'koa';
import type { Tracing } from '../lib/tracing.ts';
import { knownMethod } from './request-metrics.ts';
import { routeOf } from './route.ts';

/** Paths that probes and scrapers request frequently. */
const UNTRACED: ReadonlySet<string> = new Set(['/live', '/ready', '/metrics']);

/**
 * Creates one span per request, named after its method and the pattern of its route. Omits the path, the query, the
 * headers and the address of the caller, which may contain secrets or identify a person. The span of the caller becomes
 * its parent only with `trustParent`: otherwise any client could choose trace ids and have every trace recorded.
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
