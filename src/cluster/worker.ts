import cluster from 'node:cluster';
import { Registry } from 'prom-client';
import { withDeadline } from '../http/deadline.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import type { ToPrimary, ToWorker } from './messages.ts';

/** Longer than the time that the primary waits for the other workers. */
const SCRAPE_MS = 5000;
const ACKNOWLEDGE_MS = 1000;

/** A worker's interface to its primary. */
export interface WorkerSide {
  /** Never reused: a replacement has an id of its own. */
  id: number;
  /** The metrics of all workers, combined by the primary. */
  metrics: MetricsSource;
  /** Reports that this worker serves. `registry` holds its own metrics; `retire` shuts it down gracefully. */
  ready(registry: Registry, retire: () => void): void;
  /** Hands over the last metrics. To be called when everything is closed. */
  leave(): Promise<void>;
}

const send = (message: ToPrimary): void => void process.send?.(message, undefined, {}, () => {});

/** Returns this process's side, or undefined when it was not started by a primary. */
export function thisWorker(): WorkerSide | undefined {
  const { worker } = cluster;
  if (!worker) return undefined;
  const scrapes = new Map<number, (text: string | undefined) => void>();
  const acknowledged = Promise.withResolvers<void>();
  let own: Registry | undefined;
  let retire: (() => void) | undefined;
  let asked = 0;

  const numbers = async () => (own ? own.getMetricsAsJSON() : []);
  process.on('message', (message: ToWorker) => {
    if (message.pratu === 'retire') retire?.();
    if (message.pratu === 'left') acknowledged.resolve();
    if (message.pratu === 'scraped') scrapes.get(message.id)?.(message.text);
    if (message.pratu === 'read')
      void numbers().then((read) => send({ pratu: 'numbers', id: message.id, numbers: read }));
  });
  // the signal is for the primary, but a terminal or a supervisor may send it to the whole process group
  process.on('SIGHUP', () => {});

  async function scrape(): Promise<string> {
    asked += 1;
    const id = asked;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    scrapes.set(id, resolve);
    try {
      send({ pratu: 'scrape', id });
      const text = await withDeadline(SCRAPE_MS, () => promise);
      if (text === undefined) throw new Error('the primary returned no metrics');
      return text;
    } finally {
      scrapes.delete(id);
    }
  }

  return {
    id: worker.id,
    metrics: { contentType: Registry.PROMETHEUS_CONTENT_TYPE, metrics: scrape },
    ready(registry, act) {
      own = registry;
      retire = act;
      send({ pratu: 'ready' });
    },
    async leave() {
      // before it acknowledges, the primary takes back connections that it has already passed on
      send({ pratu: 'leaving', numbers: await numbers() });
      await withDeadline(ACKNOWLEDGE_MS, () => acknowledged.promise).catch(() => {});
    },
  };
}
