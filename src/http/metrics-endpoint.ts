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

/** The source of the metrics text: a registry, or several processes combined. */
export type MetricsSource = Pick<Registry, 'metrics'> & { readonly contentType: string };

export interface MetricsRouteDeps {
  source: MetricsSource;
  /** Whether the metrics are public if there is no token. */
  development: boolean;
  token?: string;
  /** The separate port of the metrics, if any. They are then not served on the public port. */
  port?: number;
}

/**
 * `GET /metrics` on the public port. Requires the token, if there is one, as a bearer token. Without a token, it is
 * open in development and 404 elsewhere.
 */
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

/** Serves only the metrics, on a port that only the network of the scraper can reach. */
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
