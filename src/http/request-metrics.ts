import type { ServerResponse } from 'node:http';
import type { Middleware } from 'koa';
import { Counter, Histogram, type Registry } from 'prom-client';
import { routeOf } from './route.ts';

export interface EndedRequest {
  method: string;
  /** The pattern of the route. */
  route: string;
  res: ServerResponse;
  /** `performance.now()` */
  started: number;
}

export interface RequestMetrics {
  /** Counts and times every request. */
  middleware: Middleware;
  /**
   * Counts and times a request that did not pass through the middleware, once its response is sent or its connection
   * closed.
   */
  requestEnded(ended: EndedRequest): void;
}

/** The methods that have series of their own. Other methods from callers must not create new series. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Returns the method for labels and names; `OTHER` for a method that no route has. */
export const knownMethod = (method: string): string => (METHODS.has(method) ? method : 'OTHER');

/** Counts and times requests. The status is `aborted` if the caller disconnected before the end of the response. */
export function requestMetrics(registers: Registry[]): RequestMetrics {
  const requests = new Counter({
    name: 'pratu_http_requests_total',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'pratu_http_request_duration_seconds',
    help: 'Time from the request to the last byte of the response',
    labelNames: ['route'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const requestEnded = ({ method, route, res, started }: EndedRequest): void => {
    const status = res.writableFinished ? String(res.statusCode) : 'aborted';
    requests.inc({ method: knownMethod(method), route, status });
    seconds.observe({ route }, (performance.now() - started) / 1000);
  };
  return {
    requestEnded,
    middleware(ctx, next) {
      const started = performance.now();
      const { method, res } = ctx;
      res.once('close', () => requestEnded({ method, route: routeOf(ctx), res, started }));
      return next();
    },
  };
}
