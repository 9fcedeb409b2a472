import type { Probe } from './outages.ts';

/** The counted events under one fault. */
export interface Tally {
  /** The number of requests sent to a server. */
  requests: number;
  /** The number of them refused with 503, or with 429 where a limit permits it. */
  refused: number;
  /** The number of connections that broke after the request was sent. */
  cut: number;
  /** Requests without a response within the deadline. */
  hung: string[];
  /** Acknowledged changes that were lost, codes that were used up, and every wrong response. */
  lost: string[];
  /** Everything that happened twice. */
  doubled: string[];
  /** Server processes that ended unexpectedly. */
  crashed: string[];
  /** Refusals later than permitted. Unlike losses, they depend on time. */
  late: string[];
  /** The probes of the servers of a cluster. */
  probes: Probe[];
  /** Observations that are not failures. */
  notes: string[];
  /** The `performance.now()` of the last request that was refused, cut or hung. */
  lastTrouble: number;
  /** The milliseconds of successful requests in the current phase, by kind of client. */
  latencies: Map<string, number[]>;
}

export const newTally = (): Tally => ({
  requests: 0,
  refused: 0,
  cut: 0,
  hung: [],
  lost: [],
  doubled: [],
  crashed: [],
  late: [],
  probes: [],
  notes: [],
  lastTrouble: 0,
  latencies: new Map(),
});

/** Returns the value that `share` of the sorted values do not exceed, or 0 without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export interface Latencies {
  kinds: string[];
  of(kind: string): number[];
  all: number[];
}

/** Ends a phase and returns its latencies. The next phase begins without any. */
export function takeLatencies(tally: Tally): Latencies {
  const { latencies } = tally;
  tally.latencies = new Map();
  return {
    kinds: [...latencies.keys()],
    of: (kind) => latencies.get(kind) ?? [],
    all: [...latencies.values()].flat(),
  };
}
