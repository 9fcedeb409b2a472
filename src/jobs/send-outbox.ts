import { SpanKind } from '@opentelemetry/api';
import type { Channel, Send, Senders } from '../domain/messages/message.ts';
import { type Due, LEASE_SECONDS, type Outbox } from '../domain/messages/outbox.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type Job, type JobLog, type JobSettings, job } from './job.ts';

/** What became of an attempt: its message is sent, or tried again later, or given up. */
export type SendResult = 'sent' | 'postponed' | 'dropped';

export interface SendOutboxDeps {
  outbox: Outbox;
  senders: Senders;
  pollMs: number;
  log: JobLog & { warn(fields: Record<string, unknown>, message: string): void };
  /** Called after every attempt; with the reason of one that failed. */
  onAttempt?: (channel: Channel, result: SendResult, error?: unknown) => void;
  /** Called for every run that failed. */
  onError?: JobSettings['onError'];
  /** Traces deliveries. */
  tracing?: Pick<Tracing, 'event' | 'linked'> | undefined;
  /** Messages of one channel that are handed over at the same time. */
  concurrency?: number;
}

export interface SendOutbox {
  start(): void;
  stop(): Promise<void>;
  /** To be called after a commit that added a message, so that it does not wait for the next poll. */
  nudge(): void;
  /** Sends what is due now; for a command that ends afterwards, and for tests. */
  runNow(): Promise<void>;
}

/** A try ends at half the lease, so no other process can have the message meanwhile. */
const TRY_MS = (LEASE_SECONDS / 2) * 1000;
/** Expired messages are looked for less often than due ones. */
const POLLS_A_SWEEP = 10;

/**
 * Sends what waits in the outbox. Every channel has a loop of its own: a gateway that hangs holds up none of the
 * others. Messages of a channel without a sender are never claimed: another process may have one.
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
      // not `code`: the log leaves members of that name out
      const fields = { message: due.id, channel, kind: due.kind, attempts: due.attempts, lastError, dropped };
      log.warn(fields, 'message not sent');
      onAttempt?.(channel, dropped ? 'dropped' : 'postponed', error);
      return;
    }
    await outbox.sent(due.id);
    onAttempt?.(channel, 'sent');
  }

  /** A trace of its own, linked to the request that queued the message: that has ended, maybe long ago. */
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

  /** Claims no more than it sends at once: what is claimed would wait out its lease if this process died. */
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
    nudge() {
      for (const each of lanes) void each.runNow();
    },
    async runNow() {
      await Promise.all(jobs.map((each) => each.runNow()));
    },
  };
}
