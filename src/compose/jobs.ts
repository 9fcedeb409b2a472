import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Db } from '../db/database.ts';
import type { LastAccess } from '../domain/last-access/last-access.ts';
import { explainMail } from '../domain/messages/explain-mail.ts';
import { mailSender, tryMailServer } from '../domain/messages/mail-sender.ts';
import type { Send, Senders } from '../domain/messages/message.ts';
import { noopSender } from '../domain/messages/noop-sender.ts';
import type { Outbox } from '../domain/messages/outbox.ts';
import { smsSender } from '../domain/messages/sms-sender.ts';
import type { RefusedRequests } from '../domain/refused-requests/refused-requests.ts';
import type { Retention } from '../domain/retention/retention.ts';
import type { SecondFactorRecoveries } from '../domain/second-factors/recoveries.ts';
import type { SigningKeys } from '../domain/signing-keys/signing-keys.ts';
import { sweeper } from '../domain/sweeping/sweep.ts';
import { readVersions, type VersionName, type Versions } from '../domain/versions/versions.ts';
import type { Deliveries } from '../domain/webhooks/deliveries.ts';
import type { Metrics } from '../http/metrics.ts';
import { type Job, type JobSettings, job } from '../jobs/job.ts';
import { type SendOutbox, sendOutbox } from '../jobs/send-outbox.ts';
import { type SendWebhooks, sendWebhooks } from '../jobs/send-webhooks.ts';
import { versionWatch } from '../jobs/watch-versions.ts';
import type { Clock } from '../lib/clock.ts';
import { sentenceOf } from '../lib/explanation.ts';
import type { Tracing } from '../lib/tracing.ts';

const SIGNING_KEYS_EVERY_MS = 60_000;
const REMINDERS_EVERY_MS = 60_000;
const RETENTION_EVERY_MS = 60_000;

interface JobsDeps {
  config: Config;
  db: Db;
  log: Logger;
  clock: Clock;
  outbox: Outbox;
  signingKeys: SigningKeys;
  lastAccess: LastAccess;
  refusedRequests: Pick<RefusedRequests, 'flush'>;
  secondFactorRecoveries: Pick<SecondFactorRecoveries, 'remind'>;
  webhookDeliveries: Deliveries;
  metrics: Pick<Metrics, 'jobFailed' | 'messageAttempted' | 'webhookAttempted'>;
  tracing?: Tracing | undefined;
  retention: Pick<Retention, 'run'>;
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  deliverLogout: Send<'logout'>;
  revokeToken: Send<'revocation'>;
  deliverPing: Send<'ping'>;
  versions: Versions;
  /** Logs why a configured service cannot be used. The same sentence is logged at most once in ten minutes. */
  tell: (sentence: string | undefined) => void;
  changed: Record<VersionName, () => Promise<void>>;
}

export interface Jobs {
  sending: SendOutbox;
  /** Delivers events to webhooks. */
  delivering: SendWebhooks;
  /** Polls for changes by other processes. Call `runNow` when one is announced. */
  watching: Job;
  start(): void;
  stop(): Promise<void>;
}

function sendersOf({ config, fetch, clock, deliverLogout, revokeToken, deliverPing }: JobsDeps): Senders {
  const { smtpUrl, smsUrl, from, timeoutMs, smsMethod, smsHeaders, smsBody, outbox } = config.messages;
  const instead = outbox ? noopSender : undefined;
  return {
    mail: smtpUrl ? mailSender({ smtpUrl, from, timeoutMs }) : instead,
    sms: smsUrl
      ? smsSender({
          url: smsUrl,
          method: smsMethod,
          headers: smsHeaders,
          body: smsBody,
          timeoutMs,
          fetch,
          clock,
        })
      : instead,
    logout: deliverLogout,
    revocation: revokeToken,
    ping: deliverPing,
  };
}

/** The background jobs: sending, sweeping, signing key rotation, and watching for changes. */
export function composeJobs(deps: JobsDeps): Jobs {
  const { config, db, log, outbox, signingKeys, lastAccess, versions, changed, tell, metrics } = deps;
  const onError = (_error: unknown, name: string): void => metrics.jobFailed(name);
  const counted = (settings: Omit<JobSettings, 'log' | 'onError'>): Job => job({ ...settings, log, onError });
  const tellOfMail = (error: unknown): void => {
    const why = explainMail(error);
    if (why) tell(sentenceOf('The mail server', why));
  };
  const sending = sendOutbox({
    tracing: deps.tracing,
    outbox,
    senders: sendersOf(deps),
    pollMs: config.messages.pollMs,
    log,
    onError,
    onAttempt(channel, result, error) {
      metrics.messageAttempted(channel, result);
      if (channel === 'mail' && result !== 'sent') tellOfMail(error);
    },
  });
  const delivering = sendWebhooks({
    tracing: deps.tracing,
    deliveries: deps.webhookDeliveries,
    pollMs: config.messages.pollMs,
    log,
    onError,
    onAttempt: ({ result }) => metrics.webhookAttempted(result),
  });
  const look = versionWatch({ known: versions, read: () => readVersions(db), changed });
  const watching = counted({ name: 'watch-versions', everyMs: config.jobs.invalidationMs, run: look });
  const { sweepMs, sweepBatch, auditDays } = config.jobs;
  const sweep = sweeper({ db, size: sweepBatch, auditDays });
  const sweeping = counted({
    name: 'sweep',
    everyMs: sweepMs,
    run: async (signal) => void (await sweep(signal)),
  });
  const keys = counted({
    name: 'signing-keys',
    everyMs: SIGNING_KEYS_EVERY_MS,
    run: () => signingKeys.maintain(config.signingKeys),
  });
  const accesses = counted({
    name: 'write-accesses',
    everyMs: config.jobs.accessesMs,
    run: () => lastAccess.flush(),
  });
  const refusals = counted({
    name: 'write-refusals',
    everyMs: config.jobs.refusedMs,
    run: () => deps.refusedRequests.flush(),
  });
  const reminders = counted({
    name: 'remind-of-recoveries',
    everyMs: REMINDERS_EVERY_MS,
    run: () => deps.secondFactorRecoveries.remind(),
  });
  const retained = counted({
    name: 'erase-unused-accounts',
    everyMs: RETENTION_EVERY_MS,
    run: async (signal) => void (await deps.retention.run(signal)),
  });
  const all = [sending, delivering, watching, sweeping, keys, accesses, refusals, reminders, retained];
  return {
    sending,
    delivering,
    watching,
    start() {
      for (const each of all) each.start();
      const { smtpUrl, timeoutMs } = config.messages;
      // not awaited: the server is useful without mail
      if (smtpUrl) tryMailServer({ smtpUrl, timeoutMs }).catch(tellOfMail);
    },
    async stop() {
      // writes what was noted since the last run; the job logs a failure
      await Promise.all([accesses.runNow(), refusals.runNow()]);
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}
