import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import pino, { type Logger } from 'pino';
import { errorBoundary, presentJson } from '../../src/http/errors.ts';
import { exchange } from '../support/raw-exchange.ts';

export const silent: Logger = pino({ level: 'silent' });

export interface Served {
  port: number;
  url: string;
}

const running: Server[] = [];

/** Serves an application on a port of its own until `stopAll`. */
export async function serve(app: Koa): Promise<Served> {
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  running.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

/** Serves middleware behind the error boundary with the JSON presenter. */
export async function serveAll(...middleware: Middleware[]): Promise<Served> {
  const app = new Koa();
  app.use(errorBoundary({ log: silent, present: presentJson }));
  for (const one of middleware) app.use(one);
  return serve(app);
}

/** A router as plain middleware. */
export const routesOf = (router: Router): Middleware => {
  const routes = router.routes();
  return (ctx, next) => routes(ctx as RouterContext, next);
};

/** Stops all servers of a test, in `afterEach`. */
export async function stopAll(): Promise<void> {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Sends a request without a body, with these lines. The connection closes after it. */
export const send = (port: number, ...lines: string[]): Promise<string> =>
  exchange(port, `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);

/** The status of a raw response. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

/** The body of a raw response. */
export const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);
