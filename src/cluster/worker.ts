import cluster from 'node:cluster';
import { Registry } from 'prom-client';
import { withDeadline } from '../http/deadline.ts';
import type { MetricsSource } from '../http/metrics-endpoint.ts';
import type { ToPrimary, ToWorker } from './messages.ts';

/** The primary itself waits for other workers, for less. */
const SCRAPE_MS = 5000;
const ACKNOWLEDGE_MS = 1000;

/** What a worker knows of its primary. */
export interface WorkerSide {
  /** Never given again: a worker that takes another's place has a number of its own. */
  id: number;
  /** The numbers of all workers, put together by the primary. */
  metrics: MetricsSource;
  /** From now on it serves; `registry` has its own numbers, `retire` ends it in order. */
  ready(registry: Registry, retire: () => void): void;
  /** To be called when everything is closed: hands over the last numbers. */
  leave(): Promise<void>;
}

const send = (message: ToPrimary): void => void process.send?.(message, undefined, {}, () => {});

/** This process's side, or undefined where no primary started it. */
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
  // a word to the primary, which a terminal or a supervisor may say to the whole group
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
      // the primary takes back connections that it has already passed on before it acknowledges
      send({ pratu: 'leaving', numbers: await numbers() });
      await withDeadline(ACKNOWLEDGE_MS, () => acknowledged.promise).catch(() => {});
    },
  };
}
