import type { Probe } from './outages.ts';

/** What happened under one fault, as it is counted. */
export interface Tally {
  /** Requests that were sent to a server. */
  requests: number;
  /** Of them: answered 503, or 429 where a limit was due. */
  refused: number;
  /** Connections that broke after the request was sent. */
  cut: number;
  /** Requests without an answer within the deadline. */
  hung: string[];
  /** What was acknowledged and is not so, what was burned, and every wrong answer. */
  lost: string[];
  /** What happened twice. */
  doubled: string[];
  /** Server processes that ended on their own. */
  crashed: string[];
  /** Refusals that came later than they may: a matter of time, unlike what is lost. */
  late: string[];
  /** Of the servers of a cluster. */
  probes: Probe[];
  /** Worth reading, and no failure. */
  notes: string[];
  /** `performance.now()` of the last request that was refused, cut or hung. */
  lastTrouble: number;
  /** Milliseconds of answered requests, by the kind of client, in the phase that is under way. */
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

/** The value that `share` of the sorted values do not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export interface Latencies {
  kinds: string[];
  of(kind: string): number[];
  all: number[];
}

/** Ends a phase: its latencies; the next phase begins with none. */
export function takeLatencies(tally: Tally): Latencies {
  const { latencies } = tally;
  tally.latencies = new Map();
  return {
    kinds: [...latencies.keys()],
    of: (kind) => latencies.get(kind) ?? [],
    all: [...latencies.values()].flat(),
  };
}
