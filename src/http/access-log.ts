import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { networkOf } from '../lib/addresses.ts';
import { clientAddress } from './client-address.ts';
import { refusalOf } from './refusal.ts';
import { routeOf } from './route.ts';

const QUIET: ReadonlySet<string> = new Set(['/live', '/ready', '/metrics']);

/**
 * One line for each request, written when its answer is out or its connection is gone (`aborted`): the request id, the
 * route's pattern, the status, the client that it is of, why it was refused, and of the caller only the network. Probes
 * and scrapes come all the time, so their lines are of the level `debug`.
 */
export const accessLog = ({ log, trustProxy }: { log: Logger; trustProxy: number }): Middleware => {
  return (ctx, next) => {
    if (!log.isLevelEnabled('info')) return next();
    const started = performance.now();
    // now: a connection that is gone has no address any more
    const address = clientAddress(ctx, trustProxy);
    ctx.res.once('close', () => {
      const route = routeOf(ctx);
      log[QUIET.has(route) ? 'debug' : 'info'](
        {
          requestId: ctx.state.requestId,
          // the one that a partner gave its request
          clientRequestId: ctx.state.clientRequestId,
          method: ctx.method,
          route,
          status: ctx.res.writableFinished ? ctx.res.statusCode : undefined,
          ms: Math.round(performance.now() - started),
          clientId: ctx.state.clientId,
          ...refusalOf(ctx),
          network: networkOf(address),
          aborted: ctx.res.writableFinished ? undefined : true,
        },
        'request',
      );
    });
    return next();
  };
};
