import type { ServerResponse } from 'node:http';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { networkOf } from '../lib/addresses.ts';
import { type Caller, clientAddress } from './client-address.ts';
import { refusalOf } from './refusal.ts';
import { routeOf } from './route.ts';

const QUIET: ReadonlySet<string> = new Set(['/live', '/ready', '/metrics']);

interface AccessLogDeps {
  log: Logger;
  trustProxy: number;
}

/** Writes the log line of a request once its response has been sent or its connection has closed. */
export type LoggedRequest = (request: {
  requestId: string;
  method: string;
  /** The pattern of the route. */
  route: string;
  res: ServerResponse;
  /** Further members of the line, such as the client. */
  more?: object;
}) => void;

/**
 * Starts the log line of a request. Records the address of its caller immediately, because a closed connection has
 * none.
 */
export const logsRequests =
  ({ log, trustProxy }: AccessLogDeps) =>
  (caller: Caller): LoggedRequest => {
    const started = performance.now();
    const address = clientAddress(caller, trustProxy);
    return ({ requestId, method, route, res, more }) =>
      log[QUIET.has(route) ? 'debug' : 'info'](
        {
          requestId,
          method,
          route,
          status: res.writableFinished ? res.statusCode : undefined,
          ms: Math.round(performance.now() - started),
          ...more,
          network: networkOf(address),
          aborted: res.writableFinished ? undefined : true,
        },
        'request',
      );
  };

/**
 * Writes one line per request, when its response has been sent or its connection has closed (`aborted`). The line has
 * the request id, the pattern of the route, the status, the client, and the reason for a refusal. Of the caller, it has
 * only the network. Lines of probes and scrapes have the level `debug`, because these are frequent.
 */
export const accessLog = (deps: AccessLogDeps): Middleware => {
  const begin = logsRequests(deps);
  return (ctx, next) => {
    if (!deps.log.isLevelEnabled('info')) return next();
    const write = begin(ctx);
    ctx.res.once('close', () => {
      const { requestId, clientId, clientRequestId, traceId } = ctx.state;
      // `clientRequestId` is the id that a partner gave its request
      const more = { clientRequestId, clientId, traceId, ...refusalOf(ctx) };
      write({ requestId, method: ctx.method, route: routeOf(ctx), res: ctx.res, more });
    });
    return next();
  };
};
