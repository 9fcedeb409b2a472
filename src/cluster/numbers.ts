import { AggregatorRegistry, Registry } from 'prom-client';
import { withDeadline } from '../http/deadline.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import type { Numbers } from './messages.ts';
import type { WorkerHandle } from './worker-handle.ts';

/** A worker gives its own sources a second each. */
const ANSWER_MS = 2500;

/** What only ever grows, and so goes on counting when the process that counted has gone. */
const growing = (numbers: Numbers): Numbers =>
  numbers.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));

const together = (parts: Numbers[]): Registry => AggregatorRegistry.aggregate(parts);

export interface AllNumbers extends MetricsSource {
  /** A worker has gone, with its last numbers where it could still tell them. */
  ended(id: number, last?: Numbers): void;
}

/**
 * The numbers of all workers as those of one server: sums, or what the metric's own `aggregator` says. What an ended
 * worker counted stays in the sums, as it was read last: a sum that fell would look like a restart of everything. A
 * worker that does not respond in time gives what it had counted before.
 */
export function allNumbers(own: Registry, workers: () => Iterable<WorkerHandle>): AllNumbers {
  const known = new Map<number, Numbers>();
  let gone: Numbers = [];
  let merging = Promise.resolve();
  let round: Promise<string> | undefined;

  async function read(worker: WorkerHandle): Promise<Numbers> {
    try {
      const numbers = await withDeadline(ANSWER_MS, () => worker.read());
      if (!worker.hasEnded()) known.set(worker.id, numbers);
      return numbers;
    } catch {
      return growing(known.get(worker.id) ?? []);
    }
  }

  async function collect(): Promise<string> {
    const living = [...workers()].map(async (worker) => ({ worker, numbers: await read(worker) }));
    const found = await Promise.all(living);
    await merging;
    // one that ended meanwhile is among those that are gone
    const present = found.filter(({ worker }) => !worker.hasEnded()).map(({ numbers }) => numbers);
    return together([gone, ...present, await own.getMetricsAsJSON()]).metrics();
  }

  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    metrics() {
      round ??= collect().finally(() => {
        round = undefined;
      });
      return round;
    },
    ended(id, last) {
      const numbers = growing(last ?? known.get(id) ?? []);
      known.delete(id);
      merging = merging.then(async () => {
        gone = await together([gone, numbers]).getMetricsAsJSON();
      });
    },
  };
}
