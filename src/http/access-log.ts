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

/** Writes the line of a request whose answer is out, or whose connection is gone. */
export type LoggedRequest = (request: {
  requestId: string;
  method: string;
  /** The pattern of the route. */
  route: string;
  res: ServerResponse;
  /** What else is known, such as the client. */
  more?: object;
}) => void;

/** Begins the line of a request; its caller is noted now, as a connection that is gone has no address any more. */
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
 * One line for each request, written when its answer is out or its connection is gone (`aborted`): the request id, the
 * route's pattern, the status, the client that it is of, why it was refused, and of the caller only the network. Probes
 * and scrapes come all the time, so their lines are of the level `debug`.
 */
export const accessLog = (deps: AccessLogDeps): Middleware => {
  const begin = logsRequests(deps);
  return (ctx, next) => {
    if (!deps.log.isLevelEnabled('info')) return next();
    const write = begin(ctx);
    ctx.res.once('close', () => {
      const { requestId, clientId, clientRequestId, traceId } = ctx.state;
      // the request id of a partner is the one that it gave its request
      const more = { clientRequestId, clientId, traceId, ...refusalOf(ctx) };
      write({ requestId, method: ctx.method, route: routeOf(ctx), res: ctx.res, more });
    });
    return next();
  };
};
