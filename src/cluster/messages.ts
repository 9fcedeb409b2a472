import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The metrics of one process, in the form that `getMetricsAsJSON` returns. */
export type Numbers = MetricObjectWithValues<MetricValue<string>>[];

export type ToWorker =
  /** Requests the worker's metrics. */
  | { pratu: 'read'; id: number }
  /** The metrics of all workers, as text; absent when they could not be collected. */
  | { pratu: 'scraped'; id: number; text?: string }
  /** Another worker has replaced this one: it may exit when its requests have finished. */
  | { pratu: 'retire' }
  /** The primary has received `leaving` and assigns no further connections to this worker. */
  | { pratu: 'left' };

export type ToPrimary =
  | { pratu: 'ready' }
  | { pratu: 'numbers'; id: number; numbers: Numbers }
  | { pratu: 'scrape'; id: number }
  /** The worker has closed everything; these are its last metrics. */
  | { pratu: 'leaving'; numbers: Numbers };
