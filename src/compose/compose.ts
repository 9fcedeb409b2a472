import type Koa from 'koa';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { circuitBreaker } from '../db/circuit-breaker.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { databaseSentence, explainDatabase } from '../db/explain.ts';
import { requireWritable } from '../db/writable.ts';
import { BREACH_CHECK_BYTES, BREACH_CHECK_MS } from '../domain/credentials/breached-passwords.ts';
import { MAX_LOGO_BYTES } from '../domain/logos/logo.ts';
import { revokeToken } from '../domain/upstream/revoke-token.ts';
import { readVersions } from '../domain/versions/versions.ts';
import { TIMEOUT_MS as WEBHOOK_TIMEOUT_MS } from '../domain/webhooks/webhook.ts';
import { clientAddress } from '../http/client-address.ts';
import { deviceCookie } from '../http/device-cookie.ts';
import { IMPORT_PATHS } from '../http/long-bodies.ts';
import { metrics as createMetrics, type Metrics } from '../http/metrics.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import { securityTxtRoute } from '../http/security-txt.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { sentenceOf } from '../lib/explanation.ts';
import { outbound } from '../lib/outbound.ts';
import { suppressRepeats } from '../lib/suppress-repeats.ts';
import { registeredTracing } from '../lib/tracing.ts';
import { CORS_PATHS } from '../oidc/edge/routes.ts';
import { connectRedis } from '../redis/connection.ts';
import { explainRedis } from '../redis/explain.ts';
import { type Invalidation, invalidation } from '../redis/invalidation.ts';
import { composeApis } from './apis.ts';
import { bootstrap } from './bootstrap.ts';
import { composeConsoleHost } from './console.ts';
import { composeDomain, type Domain } from './domain.ts';
import { errorPresenter } from './error-presenter.ts';
import { composeJobs, type Jobs } from './jobs.ts';
import { alerts, tellOfReplica, watchInside } from './metrics.ts';
import { composeOidc } from './oidc.ts';
import { composePages } from './pages.ts';
import { composeResourceMetadata } from './resource-metadata.ts';
import { VERSION } from './version.ts';
import { noteUnused } from './views.ts';

/** Bounded by their operations, which say what is too large in the form of their API; every other body is small. */
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
  /** True when this start made the demonstration data. */
  seeded: boolean;
  /** From now on `/ready` says no. */
  drain(): void;
  close(): Promise<void>;
}

export interface ComposeDeps {
  config: Config;
  log: Logger;
  clock?: Clock;
  /** What `/metrics` shows: the numbers of this process unless told. */
  metricsSource?: MetricsSource;
}

/**
 * Builds the server, in the order in which its parts need each other. Nothing is built outside of this folder.
 */
export async function compose({
  config,
  log,
  clock = systemClock,
  metricsSource,
}: ComposeDeps): Promise<Server> {
  const { issuer, hosts, trustProxy, bodyBytes } = config.server;
  const development = config.environment !== 'production';
  const addressOf = (ctx: Context): string => clientAddress(ctx, trustProxy);

  const tell = suppressRepeats((sentence) => log.error(sentence));
  const tracing = registeredTracing(VERSION);
  let started = false;
  const database = await openDatabase(
    config.database,
    // what keeps the server from starting is said once, by what starts it
    circuitBreaker({
      onFailure: (error) => started && explainDatabase(error) && tell(databaseSentence(error)),
    }),
    tracing,
  );
  tellOfReplica(database, log);
  const redis = connectRedis(config.redis, (error) => tell(sentenceOf('Redis', explainRedis(error))));
  let bus: Invalidation | undefined;
  let reload = async (): Promise<void> => {};
  const metrics = createMetrics({ version: VERSION });
  const calls = outbound(config.outbound);
  const pictureCalls = outbound({ ...config.outbound, maxBytes: MAX_LOGO_BYTES });
  const webhookCalls = outbound({ ...config.outbound, timeoutMs: WEBHOOK_TIMEOUT_MS });
  const rangeCalls = outbound({
    ...config.outbound,
    timeoutMs: BREACH_CHECK_MS,
    maxBytes: BREACH_CHECK_BYTES,
  });
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
  const { seeded } = await bootstrap({ config, database, domain });
  started = true;
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
    // the embedded database has no limits: it is busy with others' work, never away
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
      // first, as most requests are its: it knows its own by their path alone
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
    seeded,
    drain() {
      draining = true;
    },
    async close() {
      await jobs.stop();
      bus?.close();
      redis?.close();
      await calls.close();
      await pictureCalls.close();
      await webhookCalls.close();
      await rangeCalls.close();
      await database.close();
      await tracing?.flush();
    },
  };
}
