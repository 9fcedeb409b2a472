import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { networkOf } from '../lib/addresses.ts';
import { clientAddress } from './client-address.ts';
import { routeOf } from './route.ts';

/**
 * One line for each request, written when its answer is out or its connection is gone (`aborted`): the
 * request id, the route's pattern, the status, and of the client only the network.
 */
export const accessLog = ({ log, trustProxy }: { log: Logger; trustProxy: number }): Middleware => {
  return (ctx, next) => {
    if (!log.isLevelEnabled('info')) return next();
    const started = performance.now();
    // now: a connection that is gone has no address any more
    const address = clientAddress(ctx, trustProxy);
    ctx.res.once('close', () => {
      log.info(
        {
          requestId: ctx.state.requestId,
          // the one that a partner gave its request
          clientRequestId: ctx.state.clientRequestId,
          method: ctx.method,
          route: routeOf(ctx),
          status: ctx.res.writableFinished ? ctx.res.statusCode : undefined,
          ms: Math.round(performance.now() - started),
          network: networkOf(address),
          aborted: ctx.res.writableFinished ? undefined : true,
        },
        'request',
      );
    });
    return next();
  };
};
