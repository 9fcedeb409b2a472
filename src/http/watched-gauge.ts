import { type Aggregator, Gauge, type Registry } from 'prom-client';
import { withDeadline } from './deadline.ts';

export interface Reading {
  labels?: Record<string, string>;
  value: number;
}

const READING_MS = 1000;

/**
 * A gauge that is read whenever the metrics are requested; the function adds a source. A source that fails
 * or takes longer than a second is left out of that answer, and the others are still in it. `aggregator`: how the
 * readings of several workers become one.
 */
export function watchedGauge(
  registry: Registry,
  {
    name,
    help,
    labelNames = [],
    aggregator,
  }: { name: string; help: string; labelNames?: string[]; aggregator: Aggregator },
): (read: () => Reading[] | Promise<Reading[]>) => void {
  const sources: (() => Reading[] | Promise<Reading[]>)[] = [];
  new Gauge({
    name,
    help,
    labelNames,
    aggregator,
    registers: [registry],
    async collect() {
      const found = await Promise.allSettled(
        sources.map((read) => withDeadline(READING_MS, async () => read())),
      );
      this.reset();
      // Without labels, a reset leaves a 0 behind, which would be a lie.
      this.remove({});
      for (const result of found) {
        if (result.status === 'rejected') continue;
        for (const { labels = {}, value } of result.value) this.set(labels, value);
      }
    },
  });
  return (read) => {
    sources.push(read);
  };
}
