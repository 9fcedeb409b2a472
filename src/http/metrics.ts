import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Channel } from '../domain/messages/message.ts';
import { type RequestMetrics, requestMetrics } from './request-metrics.ts';
import { watchedGauge } from './watched-gauge.ts';

export interface Metrics extends RequestMetrics {
  registry: Registry;
  /** `surface`: where the sign-in took place; `outcome`: its result. Both come from small fixed sets. */
  loginEnded(surface: string, outcome: string): void;
  /** A password was not checked because the bulkhead and its queue were full. */
  passwordRefused(): void;
  /** A refresh token was repeated within the grace period and got the same response. */
  refreshRepeated(): void;
  /** A refresh token was reused, and its token family was revoked. */
  refreshReused(): void;
  /** A token exchange succeeded, or was refused. */
  exchangeEnded(outcome: 'succeeded' | 'refused'): void;
  /** Unused accounts were processed: their numbers by outcome. */
  retained(run: Readonly<Record<string, number>>): void;
  watchPasswordHashing(read: () => { running: number; waiting: number }): void;
  /** `most`: the maximum number of connections in the pool. */
  watchPool(name: string, read: () => { size: number; idle: number; waiting: number; most: number }): void;
  /** An attempt to send a message of the outbox ended. */
  messageAttempted(channel: Channel, result: (typeof SEND_RESULTS)[number]): void;
  /** An attempt to deliver an event to a webhook ended. */
  webhookAttempted(result: string): void;
  /** The events that wait for delivery, and the number of webhooks in each state. */
  watchWebhooks(
    read: () => Promise<{ waiting: number; oldestSeconds: number; states: Record<string, number> }>,
  ): void;
  watchOutbox(read: () => Promise<{ waiting: number; oldestSeconds: number }>): void;
  /** The deployment-wide limit of wrong passwords caused a sign-in to be refused. Alert on it. */
  signInsStopped(): void;
  /** A deployment-wide limit prevented a one-time code from being sent. Alert on it. */
  codesStopped(limit: string): void;
  /** Another service failed to check whether a password is breached, or whether a form is sent by a person. */
  checkFailed(check: string, reason: string): void;
  /** The one-time codes sent and used in the last day, by the busiest number prefixes. */
  watchCodes(read: () => Promise<{ prefix: string; sent: number; used: number }[]>): void;
  /** Whether this process counts in PostgreSQL although Redis is configured. */
  redisBypassed(bypassed: boolean): void;
  /** Whether this process reads lists from the replica, and the lag of the replica if it is available. */
  watchReplica(read: () => { used: boolean; lagMs: number | undefined }): void;
  /** A run of a background job failed. */
  jobFailed(task: string): void;
  /** The number of keys in each state. */
  watchSigningKeys(read: () => Promise<Record<string, number>>): void;
}

const CHANNELS: readonly Channel[] = ['mail', 'sms', 'logout', 'revocation', 'ping'];
const SEND_RESULTS = ['sent', 'postponed', 'dropped'] as const;

/** Returns one reading for each member, distinguished by the label. */
const byLabel = (label: string, numbers: Record<string, number>, labels: Record<string, string> = {}) =>
  Object.entries(numbers).map(([key, value]) => ({ labels: { ...labels, [label]: key }, value }));

/**
 * Creates the metrics of Pratu and of Node.js, in a registry of their own. `docs/METRICS.md` lists them. Names, labels
 * and units follow the conventions of Prometheus. `version` is that of the package.
 */
export function metrics({ version }: { version: string }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    watchedGauge(registry, { name, help, labelNames, aggregator: 'sum' });
  /** A gauge of the database, for which every worker reads the same value. */
  const shared = (name: string, help: string, ...labelNames: string[]) =>
    watchedGauge(registry, { name, help, labelNames, aggregator: 'max' });

  const build = shared('pratu_build_info', 'Version of Pratu and of Node.js; always 1', 'version', 'node');
  build(() => [{ labels: { version, node: process.versions.node }, value: 1 }]);
  const signIns = counter(
    'pratu_sign_ins_total',
    'Sign-in attempts by surface and outcome',
    'surface',
    'outcome',
  );
  const signInsStopped = counter(
    'pratu_sign_ins_stopped_total',
    'Password checks rejected: deployment-wide limit of wrong passwords',
  );
  const hashing = gauge('pratu_password_hashing_tasks', 'Password hashes running and waiting', 'state');
  const refused = counter(
    'pratu_password_hashing_refused_total',
    'Password checks rejected: hashing queue full',
  );
  const repeats = counter(
    'pratu_refresh_token_repeats_total',
    'Refresh tokens repeated within the grace period and answered alike',
  );
  const reuses = counter(
    'pratu_refresh_token_reuses_total',
    'Reused refresh tokens that revoked their token family',
  );
  const exchanges = counter(
    'pratu_token_exchanges_total',
    'Token exchanges (RFC 8693) by outcome',
    'outcome',
  );
  const retained = counter(
    'pratu_unused_accounts_total',
    'Unused accounts: owner noticed, erased, or kept as used again',
    'outcome',
  );
  const connections = gauge(
    'pratu_database_pool_connections',
    'Open database connections by pool and state',
    'pool',
    'state',
  );
  const most = gauge('pratu_database_pool_limit', 'Connections that a pool may open', 'pool');
  const waiting = gauge('pratu_database_pool_waiting', 'Requests that wait for a connection', 'pool');
  const messages = shared('pratu_outbox_waiting_messages', 'Unsent messages of the configured channels');
  const oldest = shared('pratu_outbox_oldest_message_age_seconds', 'Age of the oldest unsent message');
  const sent = counter(
    'pratu_outbox_attempts_total',
    'Attempts to send a message, by channel and result',
    'channel',
    'result',
  );
  const attempts = counter(
    'pratu_webhook_attempts_total',
    'Attempts to deliver an event to a webhook, by result',
    'result',
  );
  const events = shared('pratu_webhook_waiting_deliveries', 'Undelivered events of enabled webhooks');
  const oldestEvent = shared(
    'pratu_webhook_oldest_delivery_age_seconds',
    'Age of the oldest undelivered event',
  );
  const webhooks = shared('pratu_webhooks', 'Webhooks by state', 'state');
  const codesStopped = counter(
    'pratu_one_time_codes_stopped_total',
    'One-time codes not sent because of a deployment-wide limit',
    'limit',
  );
  const codes = shared(
    'pratu_one_time_codes_last_day',
    'One-time codes sent and used in the last day, for the busiest number prefixes',
    'prefix',
    'state',
  );
  const checks = counter(
    'pratu_check_failures_total',
    'Checks of passwords and forms by other services that failed and were passed',
    'check',
    'reason',
  );
  // Prometheus itself uses the label `job`
  const jobs = counter('pratu_job_failures_total', 'Failed runs of background jobs', 'task');
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

  // a series that starts at 1 shows no increase, so those used by alerts start at 0
  for (const limit of ['global', 'conversion']) codesStopped.inc({ limit }, 0);
  for (const channel of CHANNELS) for (const result of SEND_RESULTS) sent.inc({ channel, result }, 0);

  return {
    registry,
    ...requestMetrics(registers),
    loginEnded: (surface, outcome) => signIns.inc({ surface, outcome }),
    passwordRefused: () => refused.inc(),
    refreshRepeated: () => repeats.inc(),
    refreshReused: () => reuses.inc(),
    exchangeEnded: (outcome) => exchanges.inc({ outcome }),
    retained(run) {
      for (const [outcome, accounts] of Object.entries(run)) retained.inc({ outcome }, accounts);
    },
    watchPasswordHashing: (read) => hashing(() => byLabel('state', { ...read() })),
    watchPool(pool, read) {
      connections(() => {
        const { size, idle } = read();
        return byLabel('state', { idle, used: size - idle }, { pool });
      });
      most(() => [{ labels: { pool }, value: read().most }]);
      waiting(() => [{ labels: { pool }, value: read().waiting }]);
    },
    messageAttempted: (channel, result) => sent.inc({ channel, result }),
    watchOutbox(read) {
      messages(async () => [{ value: (await read()).waiting }]);
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
    codesStopped: (limit) => codesStopped.inc({ limit }),
    jobFailed: (task) => jobs.inc({ task }),
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
        (await read()).flatMap(({ prefix, sent: told, used }) =>
          byLabel('state', { sent: told, used }, { prefix }),
        ),
      ),
    watchSigningKeys: (read) => keys(async () => byLabel('state', await read())),
  };
}
