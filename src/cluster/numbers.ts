import { AggregatorRegistry, Registry } from 'prom-client';
import { withDeadline } from '../http/deadline.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import type { Numbers } from './messages.ts';
import type { WorkerHandle } from './worker-handle.ts';

/** Leaves time for a worker, which allows each of its own sources one second. */
const ANSWER_MS = 2500;

/** The metrics that only increase. They remain in the sums after the process that counted them has exited. */
const growing = (numbers: Numbers): Numbers =>
  numbers.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));

const together = (parts: Numbers[]): Registry => AggregatorRegistry.aggregate(parts);

export interface AllNumbers extends MetricsSource {
  /** Records that a worker has exited, with its last metrics if it could still report them. */
  ended(id: number, last?: Numbers): void;
}

/**
 * Combines the metrics of all workers as if they were those of one server: sums, or the aggregation of the metric's own
 * `aggregator`. The last metrics read from an ended worker remain in the sums: a decrease would look like a restart of
 * the whole server. For a worker that does not respond in time, the counts that were read last are used.
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
    // a worker that ended in the meantime is already part of `gone`
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
