import type { ServerResponse } from 'node:http';
import type { Middleware } from 'koa';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { routeOf } from './route.ts';
import { watchedGauge } from './watched-gauge.ts';

export interface EndedRequest {
  method: string;
  /** The pattern of the route. */
  route: string;
  res: ServerResponse;
  /** `performance.now()` */
  started: number;
}

export interface Metrics {
  registry: Registry;
  /** Counts and times every request. */
  middleware: Middleware;
  /** Counts and times one that did not pass the middleware, once its connection is done with it. */
  requestEnded(ended: EndedRequest): void;
  /** `surface`: where the sign-in happened; `outcome`: its result. Both from small fixed sets. */
  loginEnded(surface: string, outcome: string): void;
  /** A password was not checked because the bulkhead and its queue were full. */
  passwordRefused(): void;
  /** A refresh token came again in time and got the same answer. */
  refreshRepeated(): void;
  /** A used refresh token came again and its family was ended. */
  refreshReused(): void;
  /** A token exchange succeeded, or was refused. */
  exchangeEnded(outcome: 'succeeded' | 'refused'): void;
  /** Unused accounts, by what became of them. */
  retained(run: Readonly<Record<string, number>>): void;
  watchPasswordHashing(read: () => { running: number; waiting: number }): void;
  watchPool(name: string, read: () => { size: number; idle: number; waiting: number }): void;
  /** An attempt to deliver an event to a webhook ended. */
  webhookAttempted(result: string): void;
  /** What waits for webhooks, and the number of webhooks in each state. */
  watchWebhooks(
    read: () => Promise<{ waiting: number; oldestSeconds: number; states: Record<string, number> }>,
  ): void;
  watchOutbox(read: () => Promise<{ waiting: number; oldestSeconds: number }>): void;
  /** The deployment-wide limit of wrong passwords refused a sign-in: alert on it. */
  signInsStopped(): void;
  /** A deployment-wide limit stopped codes from being sent: alert on it. */
  codesStopped(limit: string): void;
  /** Another service did not say whether a password is breached or a person sends a form. */
  checkFailed(check: string, reason: string): void;
  /** Codes sent and used in the last day, by the prefixes of numbers that many are sent to. */
  watchCodes(read: () => Promise<{ prefix: string; sent: number; used: number }[]>): void;
  /** Whether this process counts in PostgreSQL although Redis is configured. */
  redisBypassed(bypassed: boolean): void;
  /** Whether this process reads lists at the replica, and how far that is behind as far as is known. */
  watchReplica(read: () => { used: boolean; lagMs: number | undefined }): void;
  /** The number of keys in each state. */
  watchSigningKeys(read: () => Promise<Record<string, number>>): void;
}

/** What a caller writes as a method must not make new series. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One reading for each member, told apart by the label. */
const byLabel = (label: string, numbers: Record<string, number>, labels: Record<string, string> = {}) =>
  Object.entries(numbers).map(([key, value]) => ({ labels: { ...labels, [label]: key }, value }));

/** Counts and times requests; `aborted` is the status of those whose caller went away. */
function requestMetrics(registers: Registry[]): Pick<Metrics, 'middleware' | 'requestEnded'> {
  const requests = new Counter({
    name: 'pratu_http_requests_total',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'pratu_http_request_seconds',
    help: 'Time from the request to the last byte of the response',
    labelNames: ['route'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const requestEnded = ({ method, route, res, started }: EndedRequest): void => {
    const status = res.writableFinished ? String(res.statusCode) : 'aborted';
    requests.inc({ method: METHODS.has(method) ? method : 'OTHER', route, status });
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

/** The product's metrics and Node's own, in a registry of their own. */
export function metrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const logins = new Counter({
    name: 'pratu_logins_total',
    help: 'Sign-in attempts by surface and outcome',
    labelNames: ['surface', 'outcome'],
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const refused = counter(
    'pratu_password_hashing_refused_total',
    'Password checks rejected: hashing queue full',
  );
  const repeats = counter(
    'pratu_refresh_repeats_total',
    'Refresh tokens repeated within the grace period and answered alike',
  );
  const exchanges = new Counter({
    name: 'pratu_token_exchanges_total',
    help: 'Token exchanges (RFC 8693) by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const reuse = counter('pratu_refresh_reuse_total', 'Reused refresh tokens that revoked their token family');

  const retained = new Counter({
    name: 'pratu_unused_accounts_total',
    help: 'Unused accounts: owner noticed, erased, or kept as used again',
    labelNames: ['outcome'],
    registers,
  });

  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    watchedGauge(registry, { name, help, labelNames, aggregator: 'sum' });
  /** Of the database, where every worker reads the same. */
  const shared = (name: string, help: string, ...labelNames: string[]) =>
    watchedGauge(registry, { name, help, labelNames, aggregator: 'max' });
  const bulkhead = gauge('pratu_password_hashing', 'Password hashes running and waiting', 'state');
  const pool = gauge(
    'pratu_database_pool',
    'Database connections and requests waiting for one',
    'pool',
    'state',
  );
  const waiting = shared('pratu_outbox_waiting', 'Unsent messages of the configured channels');
  const oldest = shared('pratu_outbox_oldest_seconds', 'Age of the oldest unsent message');
  const attempts = new Counter({
    name: 'pratu_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook, by result',
    labelNames: ['result'],
    registers,
  });
  const events = shared('pratu_webhook_deliveries_waiting', 'Undelivered events of enabled webhooks');
  const oldestEvent = shared('pratu_webhook_oldest_seconds', 'Age of the oldest undelivered event');
  const webhooks = shared('pratu_webhooks', 'Webhooks by state', 'state');
  const stopped = new Counter({
    name: 'pratu_codes_stopped_total',
    help: 'One-time codes not sent because of a deployment-wide limit',
    labelNames: ['limit'],
    registers,
  });
  const signInsStopped = counter(
    'pratu_sign_ins_stopped_total',
    'Password checks rejected: deployment-wide limit of wrong passwords',
  );
  const checks = new Counter({
    name: 'pratu_check_failures_total',
    help: 'Checks of passwords and forms by other services that failed and were passed',
    labelNames: ['check', 'reason'],
    registers,
  });
  const codes = shared(
    'pratu_codes',
    'One-time codes sent and used in the last day, for the busiest number prefixes',
    'prefix',
    'state',
  );
  const bypassed = new Gauge({
    name: 'pratu_redis_bypassed',
    help: 'Processes that count in PostgreSQL because Redis cannot be used',
    aggregator: 'sum',
    registers,
  });
  const lag = shared('pratu_replica_lag_seconds', 'How far the replica of DATABASE_READ_URL is behind');
  const unused = gauge(
    'pratu_replica_unused',
    'Processes that read lists at the primary: the replica is down or lags',
  );
  const keys = shared('pratu_signing_keys', 'Signing keys by state', 'state');

  return {
    registry,
    ...requestMetrics(registers),
    loginEnded: (surface, outcome) => logins.inc({ surface, outcome }),
    passwordRefused: () => refused.inc(),
    refreshRepeated: () => repeats.inc(),
    refreshReused: () => reuse.inc(),
    exchangeEnded: (outcome) => exchanges.inc({ outcome }),
    retained(run) {
      for (const [outcome, accounts] of Object.entries(run)) retained.inc({ outcome }, accounts);
    },
    watchPasswordHashing: (read) => bulkhead(() => byLabel('state', { ...read() })),
    watchPool: (name, read) => pool(() => byLabel('state', { ...read() }, { pool: name })),
    watchOutbox(read) {
      waiting(async () => [{ value: (await read()).waiting }]);
      oldest(async () => [{ value: (await read()).oldestSeconds }]);
    },
    webhookAttempted: (result) => attempts.inc({ result }),
    watchWebhooks(read) {
      events(async () => [{ value: (await read()).waiting }]);
      oldestEvent(async () => [{ value: (await read()).oldestSeconds }]);
      webhooks(async () => byLabel('state', (await read()).states));
    },
    signInsStopped: () => signInsStopped.inc(),
    checkFailed: (check, reason) => checks.inc({ check, reason }),
    codesStopped: (limit) => stopped.inc({ limit }),
    redisBypassed: (value) => bypassed.set(value ? 1 : 0),
    watchReplica(read) {
      unused(() => [{ value: read().used ? 0 : 1 }]);
      lag(() => {
        const { lagMs } = read();
        return lagMs === undefined ? [] : [{ value: lagMs / 1000 }];
      });
    },
    watchCodes: (read) =>
      codes(async () =>
        (await read()).flatMap(({ prefix, sent, used }) => byLabel('state', { sent, used }, { prefix })),
      ),
    watchSigningKeys: (read) => keys(async () => byLabel('state', await read())),
  };
}
