import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Middleware } from 'koa';
import type { Registry } from 'prom-client';
import { AppError } from '../errors/app-error.ts';
import { equalSecrets } from '../lib/constant-time.ts';

const PATH = '/metrics';
const BEARER = /^bearer +(\S+)$/i;
const REQUEST_TIMEOUT_MS = 10_000;

function carries(authorization: string, token: string): boolean {
  const given = BEARER.exec(authorization)?.[1];
  return given !== undefined && equalSecrets(given, token);
}

/** Where the text of the metrics comes from: a registry, or several processes put together. */
export type MetricsSource = Pick<Registry, 'metrics'> & { readonly contentType: string };

export interface MetricsRouteDeps {
  source: MetricsSource;
  /** Without a token, served to anyone; with one, never. */
  development: boolean;
  token?: string;
  /** Set when the metrics have a port of their own: then they are not here. */
  port?: number;
}

/** `GET /metrics` on the public port: open in development, for the bearer of the token elsewhere, else 404. */
export function metricsRoute({ source, development, token, port }: MetricsRouteDeps): Middleware {
  const offered = port === undefined && (development || token !== undefined);
  return async (ctx, next) => {
    if (ctx.path !== PATH || ctx.method !== 'GET' || !offered) return next();
    ctx.state.route = PATH;
    if (token !== undefined && !carries(ctx.get('Authorization'), token)) {
      ctx.set('WWW-Authenticate', 'Bearer');
      throw new AppError('INVALID_TOKEN');
    }
    ctx.type = source.contentType;
    ctx.body = await source.metrics();
  };
}

/** The metrics alone, on a port that only the scraper's network reaches. */
export async function metricsServer(
  source: MetricsSource,
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, async (req, res) => {
    try {
      if (req.method !== 'GET' || req.url !== PATH) res.writeHead(404).end();
      else res.setHeader('Content-Type', source.contentType).end(await source.metrics());
    } catch {
      res.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
