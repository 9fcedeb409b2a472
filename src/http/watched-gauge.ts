import { type Aggregator, Gauge, type Registry } from 'prom-client';
import { withDeadline } from './deadline.ts';

export interface Reading {
  labels?: Record<string, string>;
  value: number;
}

const READING_MS = 1000;

/**
 * Creates a gauge that is read whenever the metrics are requested. Returns a function that adds a source. A source that
 * fails or takes longer than a second is omitted from that response; the other sources are still included.
 * `aggregator`: how the readings of several workers are combined.
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
      // Without labels, a reset leaves a misleading 0 behind.
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
