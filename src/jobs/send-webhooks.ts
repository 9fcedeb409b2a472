import { SpanKind } from '@opentelemetry/api';
import type { Claimed, Deliveries, Outcome } from '../domain/webhooks/deliveries.ts';
import { CONCURRENCY } from '../domain/webhooks/webhook.ts';
import type { Tracing } from '../lib/tracing.ts';
import { type JobLog, type JobSettings, job } from './job.ts';

export interface SendWebhooksDeps {
  deliveries: Pick<Deliveries, 'due' | 'claim' | 'attempt'>;
  pollMs: number;
  log: JobLog & { warn(fields: Record<string, unknown>, message: string): void };
  /** Called after every attempt. */
  onAttempt?: (outcome: Outcome) => void;
  /** Called for every run that failed. */
  onError?: JobSettings['onError'];
  /** Traces deliveries. */
  tracing?: Pick<Tracing, 'linked'> | undefined;
  /** The number of concurrent deliveries to one webhook. */
  concurrency?: number;
}

export interface SendWebhooks {
  start(): void;
  /** Prevents further deliveries; resolves when those in progress have ended. */
  stop(): Promise<void>;
  /** Delivers the due events; resolves when none is due any more. */
  runNow(): Promise<void>;
}

const JOB = 'send webhooks';

/**
 * Delivers events to webhooks. Every webhook with due deliveries has its own lane of a few concurrent deliveries, and
 * the poll does not wait for lanes. A slow receiver thus delays neither other receivers nor any other messages.
 */
export function sendWebhooks({
  deliveries,
  pollMs,
  log,
  onAttempt,
  onError,
  tracing,
  concurrency = CONCURRENCY,
}: SendWebhooksDeps): SendWebhooks {
  const lanes = new Map<string, Promise<void>>();

  /** Sends one delivery in a separate trace. */
  function send(claimed: Claimed): Promise<Outcome> {
    const work = (): Promise<Outcome> => deliveries.attempt(claimed);
    if (!tracing) return work();
    const attributes = {
      'pratu.webhook.id': claimed.webhookId,
      'pratu.webhook.event': claimed.type,
      'pratu.webhook.attempts': claimed.attempts,
    };
    return tracing.linked(
      'send webhook',
      { kind: SpanKind.CONSUMER, attributes, traceparent: undefined },
      work,
    );
  }

  async function attempt(claimed: Claimed): Promise<void> {
    const outcome = await send(claimed);
    onAttempt?.(outcome);
    const { error, result, disabled } = outcome;
    if (error === null) return;
    const { webhookId: webhook, id: delivery, type, attempts } = claimed;
    // not `code`: the log omits members of that name
    const fields = { webhook, delivery, type, attempts, lastError: error, result, disabled };
    log.warn(fields, 'event not delivered');
  }

  /** Claims no more deliveries than it sends concurrently, and after each one claims those that have become due. */
  async function deliverAll(webhookId: string, signal: AbortSignal): Promise<void> {
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    function begin(claimed: Claimed): void {
      const attempted: Promise<void> = attempt(claimed)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(attempted));
      running.add(attempted);
    }
    async function claimSome(): Promise<boolean> {
      const free = concurrency - running.size;
      if (free === 0 || signal.aborted || failures.length > 0) return false;
      const { claimed, isMore } = await deliveries.claim(webhookId, free);
      for (const one of claimed) begin(one);
      return claimed.length === 0 && isMore;
    }
    try {
      for (;;) {
        while (await claimSome());
        if (running.size === 0) break;
        await Promise.race(running);
      }
    } finally {
      await Promise.all(running);
    }
    if (failures.length > 0) throw failures[0];
  }

  const poll = job({
    name: JOB,
    everyMs: pollMs,
    log,
    onError,
    async run(signal) {
      const due = await deliveries.due();
      for (const id of due.filter((one) => !lanes.has(one)))
        lanes.set(
          id,
          deliverAll(id, signal)
            // claimed deliveries are due again after their lease
            .catch((error: unknown) => {
              log.error({ webhook: id, err: error }, 'deliveries interrupted');
              onError?.(error, JOB);
            })
            .finally(() => lanes.delete(id)),
        );
    },
  });

  return {
    start: poll.start,
    async stop() {
      await poll.stop();
      await Promise.all(lanes.values());
    },
    async runNow() {
      await poll.runNow();
      await Promise.all(lanes.values());
    },
  };
}
