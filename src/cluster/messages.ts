import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The metrics of one process, as `getMetricsAsJSON` has them. */
export type Numbers = MetricObjectWithValues<MetricValue<string>>[];

export type ToWorker =
  /** Asks for its numbers. */
  | { pratu: 'read'; id: number }
  /** The numbers of all, as text; none when they could not be had. */
  | { pratu: 'scraped'; id: number; text?: string }
  /** Another worker has taken its place: it may end when its requests have. */
  | { pratu: 'retire' }
  /** It has been heard, and no connection will be given to it any more. */
  | { pratu: 'left' };

export type ToPrimary =
  | { pratu: 'ready' }
  | { pratu: 'numbers'; id: number; numbers: Numbers }
  | { pratu: 'scrape'; id: number }
  /** It has closed everything; these are its last numbers. */
  | { pratu: 'leaving'; numbers: Numbers };
