import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { countStates } from '../domain/webhooks/webhook.ts';
import type { Metrics } from '../http/metrics.ts';
import { explainRedis } from '../redis/explain.ts';

import type { Domain } from './domain.ts';
import type { DomainDeps } from './foundation.ts';

type Alerts = Pick<
  DomainDeps,
  | 'onPasswordRefused'
  | 'onSignInAlert'
  | 'onCodeAlert'
  | 'onRedisBypassed'
  | 'onRedisUsed'
  | 'onRetention'
  | 'onCheckFailed'
>;

/** Counts what the domain reports. Events that need an operator's attention are also logged. */
export const alerts = (metrics: Metrics, log: Logger): Alerts => ({
  onRedisBypassed(error) {
    metrics.redisBypassed(true);
    const { what, code } = explainRedis(error);
    log.warn(`Redis ${what} (${code}): bypassed, counters are in PostgreSQL`);
  },
  onRedisUsed() {
    metrics.redisBypassed(false);
    log.info('Redis is used again');
  },
  onPasswordRefused: () => metrics.passwordRefused(),
  onSignInAlert: () => {
    metrics.signInsStopped();
    log.error('sign-ins rejected: deployment-wide limit of wrong passwords reached');
  },
  onRetention: (run) => metrics.retained(run),
  onCheckFailed: (check, reason) => {
    metrics.checkFailed(check, reason);
    log.warn({ check, reason }, 'a check by another service failed, and was passed');
  },
  onCodeAlert: (limit) => {
    metrics.codesStopped(limit);
    log.error({ limit }, 'one-time codes rejected: deployment-wide limit reached');
  },
});

/** Logs one line whenever lists begin to be read from another server. */
export const tellOfReplica = ({ replica }: Database, log: Logger): void =>
  replica?.onChange(({ used, lagMs }) => {
    const why = lagMs === undefined ? 'it does not respond' : `it is ${Math.round(lagMs / 1000)} s behind`;
    if (used) log.info('the replica is used for lists');
    else log.warn(`the replica is not used: ${why}; lists are read at the primary`);
  });

/** Registers the metrics of internal state. */
export function watchInside(metrics: Metrics, domain: Domain, { records, knex, replica }: Database): void {
  if (replica) metrics.watchReplica(replica.state);
  metrics.watchPasswordHashing(() => ({ running: domain.hashing.running, waiting: domain.hashing.waiting }));
  metrics.watchPool('records', () => ({
    size: records.totalCount,
    idle: records.idleCount,
    waiting: records.waitingCount,
    most: records.options.max,
  }));
  metrics.watchPool('statements', () => {
    const pool = knex.client.pool as {
      max: number;
      numUsed(): number;
      numFree(): number;
      numPendingAcquires(): number;
    };
    return {
      size: pool.numUsed() + pool.numFree(),
      idle: pool.numFree(),
      waiting: pool.numPendingAcquires(),
      most: pool.max,
    };
  });
  metrics.watchOutbox(() => domain.outbox.stats());
  metrics.watchWebhooks(async () => ({
    ...(await domain.webhookDeliveries.stats()),
    states: countStates(await domain.webhooks.list()),
  }));
  metrics.watchCodes(() => domain.codes.conversions());
  metrics.watchSigningKeys(async () => {
    const keys = await domain.signingKeys.list();
    return Object.fromEntries(
      ['next', 'current', 'previous'].map((state) => [
        state,
        keys.filter((key) => key.state === state).length,
      ]),
    );
  });
}
