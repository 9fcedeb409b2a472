import type Koa from 'koa';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { requireWritable } from '../db/writable.ts';
import { revokeToken } from '../domain/upstream/revoke-token.ts';
import { readVersions } from '../domain/versions/versions.ts';
import { clientAddress } from '../http/client-address.ts';
import { deviceCookie } from '../http/device-cookie.ts';
import { IMPORT_PATHS } from '../http/long-bodies.ts';
import { metrics as createMetrics, type Metrics } from '../http/metrics.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import { securityTxtRoute } from '../http/security-txt.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { CORS_PATHS } from '../oidc/edge/routes.ts';
import { type Invalidation, invalidation } from '../redis/invalidation.ts';
import { composeApis } from './apis.ts';
import { bootstrap } from './bootstrap.ts';
import { composeConsoleHost } from './console.ts';
import { composeDomain, type Domain } from './domain.ts';
import { errorPresenter } from './error-presenter.ts';
import { composeJobs, type Jobs } from './jobs.ts';
import { alerts, watchInside } from './metrics.ts';
import { composeOidc } from './oidc.ts';
import { type Outside, openOutside } from './outside.ts';
import { composePages } from './pages.ts';
import { composeResourceMetadata } from './resource-metadata.ts';
import { VERSION } from './version.ts';
import { noteUnused } from './views.ts';

/**
 * The body limits of these paths are set by their operations, which report an oversized body in the format of their
 * API. Every other body is limited to `bodyBytes`.
 */
const BOUNDED_BY_OPERATION = [
  '/customers',
  '/api/v2/auth/',
  '/account/picture',
  ...Object.values(IMPORT_PATHS),
];

export interface Server {
  app: Koa;
  domain: Domain;
  database: Database;
  jobs: Jobs;
  metrics: Metrics;
  /** Makes `/ready` report the server as not ready from now on. */
  drain(): void;
  close(): Promise<void>;
}

export interface ComposeDeps {
  config: Config;
  log: Logger;
  clock?: Clock;
  /** The source of `/metrics`. Defaults to the metrics of this process. */
  metricsSource?: MetricsSource;
}

/** Builds the server. When that fails, closes everything that was opened for it. */
export async function compose(deps: ComposeDeps): Promise<Server> {
  const outside = await openOutside(deps);
  try {
    return await composeWith(outside, deps);
  } catch (error) {
    await outside.close();
    throw error;
  }
}

/** Builds the parts in the order of their dependencies. Nothing is built outside of this folder. */
async function composeWith(
  outside: Outside,
  { config, log, clock = systemClock, metricsSource }: ComposeDeps,
): Promise<Server> {
  const { issuer, hosts, trustProxy, bodyBytes } = config.server;
  const development = config.environment !== 'production';
  const addressOf = (ctx: Context): string => clientAddress(ctx, trustProxy);

  const { database, redis, tracing, tell, calls, pictureCalls, webhookCalls, rangeCalls } = outside;
  let bus: Invalidation | undefined;
  let reload = async (): Promise<void> => {};
  const metrics = createMetrics({ version: VERSION });
  const domain = composeDomain({
    config,
    database,
    clock,
    redis,
    fetch: calls.fetch,
    webhookCalls,
    fetchRange: rangeCalls.fetch,
    onClientsChanged: () => bus?.announce(),
    async onUpstreamChanged() {
      bus?.announce();
      await reload();
    },
    ...alerts(metrics, log),
  });
  noteUnused(log, domain.views);
  await bootstrap({ config, database, domain });
  outside.begin();
  const versions = await readVersions(database.knex);
  await domain.operatedProviders.load();

  const device = deviceCookie({ secure: issuer.startsWith('https:') });
  const originOf = (ctx: Context) => ({ address: addressOf(ctx), device: device.read(ctx) });
  const pages = composePages({
    config,
    domain,
    clock,
    device,
    addressOf,
    metrics,
    tracing,
    fetchLogo: pictureCalls.fetch,
  });
  const oidc = await composeOidc({
    config,
    clock,
    domain,
    database,
    metrics,
    tracing,
    pages: pages.protocol,
    isRemembered: pages.isRemembered,
    browserOf: pages.browserOf,
    fetch: calls.fetch,
    originOf,
  });

  reload = oidc.reload;

  const jobs = composeJobs({
    config,
    db: database.knex,
    log,
    clock,
    outbox: domain.outbox,
    signingKeys: domain.signingKeys,
    lastAccess: domain.lastAccess,
    refusedRequests: domain.refusedRequests,
    secondFactorRecoveries: domain.secondFactorRecoveries,
    webhookDeliveries: domain.webhookDeliveries,
    metrics,
    tracing,
    retention: domain.retention,
    fetch: calls.fetch,
    deliverLogout: oidc.deliverLogout,
    deliverPing: oidc.deliverPing,
    revokeToken: revokeToken(domain.upstreamProviders),
    versions,
    tell,
    changed: {
      clients: async () => domain.forgetClients(),
      keys: oidc.reload,
      async upstream() {
        await domain.operatedProviders.load();
        await oidc.reload();
      },
    },
  });
  if (redis) bus = invalidation(redis, () => void jobs.watching.runNow());
  watchInside(metrics, domain, database);

  let draining = false;
  const app = createApp({
    issuer,
    hstsSubdomains: config.server.hstsSubdomains,
    hosts: [...hosts, ...[config.console.host, config.mutualTls.host].filter((host) => host !== undefined)],
    development,
    trustProxy,
    mutualTls: config.mutualTls,
    // the embedded database has no limits: it may be busy with other work, but is never unreachable
    databaseLimitMs: database.embedded ? undefined : config.database.statementTimeoutMs,
    bytesFor: (ctx) =>
      BOUNDED_BY_OPERATION.some((path) => ctx.path.startsWith(path)) ? Number.POSITIVE_INFINITY : bodyBytes,
    cookieKeys: domain.keyring.derive('cookies'),
    log,
    locales: domain.views.locales,
    metrics,
    tracing,
    trustParent: config.tracing.trustParent,
    metricsRoute: { source: metricsSource ?? metrics.registry, development, ...config.metrics },
    health: {
      checks: { database: () => requireWritable(database) },
      draining: () => draining,
    },
    onRefused: domain.refusedRequests.note,
    present: errorPresenter(pages.show, config.keysApi),
    prepared: oidc.prepared,
    cors: { allowed: (origin) => domain.publicOrigins.allowed(origin), paths: CORS_PATHS },
    surfaces: [
      composeConsoleHost(config),
      // first, because it serves most requests: it recognises its own by their path alone
      oidc.surface,
      composeResourceMetadata(config),
      securityTxtRoute({ issuer: config.server.issuer, settings: config.securityTxt }),
      ...pages.surfaces(oidc),
      ...composeApis({
        config,
        domain,
        clock,
        bearers: oidc.bearers,
        adminBearer: oidc.adminBearer,
        registration: oidc.registration,
        issueToken: oidc.issueToken,
        originOf,
      }),
    ],
  });

  return {
    app,
    domain,
    database,
    jobs,
    metrics,
    drain() {
      draining = true;
    },
    async close() {
      await jobs.stop();
      bus?.close();
      await outside.close();
    },
  };
}
