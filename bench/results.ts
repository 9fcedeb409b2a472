import type { SearchResult } from './search.ts';

/** One server in one scenario: medians of its runs. */
export interface Figures {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Of all runs together. */
  errors: number;
  /** Processor time of one request, ms: in the server, and in the database's processes where it has its own. */
  cpu: number;
  databaseCpu?: number;
  /** MiB, after the runs. */
  memory: number;
  /** Of the database for one request, at the same load; where they are counted. */
  statements?: number;
  /** Median of the rounds' ratios to the reference's run in the same round. */
  ratio?: number;
  /** The same of the server's processor time: below 1 is less than the reference takes. */
  cpuRatio?: number;
}

export interface ScenarioResult {
  name: string;
  atLeast?: number;
  atLeastWithRedis?: number;
  servers: Record<string, Figures>;
}

/** What passwords cost beside the hash, and what they do to those who have tokens. */
export interface PasswordResult {
  /** Verifications a second of the hash alone, as many at once as there are processors. */
  hashesPerSecond: number;
  grantsPerSecond: number;
  /** Median of the rounds' ratios. */
  ratio: number;
  /** Milliseconds: refreshes at a steady rate while nothing else happens, and while the password grant is saturated. */
  refreshP99Idle: number;
  refreshP99Saturated: number;
  /** Refreshes that failed meanwhile. */
  errors: number;
}

export interface Results {
  at: string;
  machine: string;
  seconds: number;
  rounds: number;
  scenarios: ScenarioResult[];
  passwords?: PasswordResult;
  search?: SearchResult[];
}
