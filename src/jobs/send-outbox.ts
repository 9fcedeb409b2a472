import { SpanKind } from '@opentelemetry/api';
import type { Channel, Send, Senders } from '../domain/messages/message.ts';
import { type Due, LEASE_SECONDS, type Outbox } from '../domain/messages/outbox.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type Job, type JobLog, type JobSettings, job } from './job.ts';

/** The outcome of an attempt: the message was sent, will be retried later, or was dropped. */
export type SendResult = 'sent' | 'postponed' | 'dropped';

export interface SendOutboxDeps {
  outbox: Outbox;
  senders: Senders;
  pollMs: number;
  log: JobLog & { warn(fields: Record<string, unknown>, message: string): void };
  /** Called after every attempt, with the reason for a failed one. */
  onAttempt?: (channel: Channel, result: SendResult, error?: unknown) => void;
  /** Called for every run that failed. */
  onError?: JobSettings['onError'];
  /** Traces deliveries. */
  tracing?: Pick<Tracing, 'event' | 'linked'> | undefined;
  /** The number of messages of one channel that are sent concurrently. Defaults to 5. */
  concurrency?: number;
}

export interface SendOutbox {
  start(): void;
  stop(): Promise<void>;
  /** Sends the due messages now; for a command that ends afterwards, and for tests. */
  runNow(): Promise<void>;
}

/** The limit of an attempt is half the lease, so that no other process can claim the message in the meantime. */
const TRY_MS = (LEASE_SECONDS / 2) * 1000;
/** Expired messages are dropped less often than due ones are sent. */
const POLLS_A_SWEEP = 10;

/**
 * Sends the messages in the outbox. Every channel has its own loop, so that a hanging gateway does not delay the
 * others. Messages of a channel without a sender are not claimed, as another process may have one.
 */
export function sendOutbox({
  outbox,
  senders,
  pollMs,
  log,
  onAttempt,
  onError,
  tracing,
  concurrency = 5,
}: SendOutboxDeps): SendOutbox {
  async function attempt<C extends Channel>(channel: C, due: Due<C>, send: Send<C>): Promise<void> {
    try {
      await send({ id: due.id, content: due.content(), signal: AbortSignal.timeout(TRY_MS) });
    } catch (error) {
      tracing?.event('failed');
      const { code: lastError, dropped } = await outbox.failed(due, error);
      // not `code`: the log omits members of that name
      const fields = { message: due.id, channel, kind: due.kind, attempts: due.attempts, lastError, dropped };
      log.warn(fields, 'message not sent');
      onAttempt?.(channel, dropped ? 'dropped' : 'postponed', error);
      return;
    }
    await outbox.sent(due.id);
    onAttempt?.(channel, 'sent');
  }

  /** Sends a message in a separate trace, linked to the request that queued it, which may have ended long ago. */
  function deliver<C extends Channel>(channel: C, due: Due<C>, send: Send<C>): Promise<void> {
    const attributes = {
      'pratu.message.id': due.id,
      'pratu.message.kind': due.kind,
      'pratu.message.attempts': due.attempts,
    };
    const settings = { kind: SpanKind.CONSUMER, attributes, traceparent: due.traceparent ?? undefined };
    const work = (): Promise<void> => attempt(channel, due, send);
    return tracing ? tracing.linked(`send ${channel}`, settings, work) : work();
  }

  /**
   * Claims no more messages than it sends concurrently: if this process crashed, claimed ones would wait for their
   * lease to end.
   */
  function bulkhead<C extends Channel>(channel: C): Job[] {
    const send: Send<C> | undefined = senders[channel];
    if (!send) return [];
    const lane = job({
      name: `send ${channel}`,
      everyMs: pollMs,
      log,
      onError,
      async run(signal) {
        let claimed: Due<C>[];
        do {
          claimed = await outbox.claimDue(channel, concurrency);
          const results = await Promise.allSettled(claimed.map((due) => deliver(channel, due, send)));
          const failure = results.find(({ status }) => status === 'rejected');
          if (failure) throw (failure as PromiseRejectedResult).reason;
        } while (claimed.length === concurrency && !signal.aborted);
      },
    });
    return [lane];
  }

  const lanes = [
    ...[...bulkhead('mail'), ...bulkhead('sms')],
    ...[...bulkhead('logout'), ...bulkhead('revocation'), ...bulkhead('ping')],
  ];
  const sweep = job({
    name: 'drop expired messages',
    everyMs: pollMs * POLLS_A_SWEEP,
    log,
    onError,
    async run() {
      await outbox.dropExpired();
    },
  });
  const jobs = [...lanes, sweep];

  return {
    start() {
      for (const each of jobs) each.start();
    },
    async stop() {
      await Promise.all(jobs.map((each) => each.stop()));
    },
    async runNow() {
      await Promise.all(jobs.map((each) => each.runNow()));
    },
  };
}
