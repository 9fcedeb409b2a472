import type { SearchResult } from './search.ts';

/** The figures of one server in one scenario: medians of its runs. */
export interface Figures {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** The sum of all runs. */
  errors: number;
  /** The processor time of one request in ms: in the server, and in the database's processes if it has its own. */
  cpu: number;
  databaseCpu?: number;
  /** MiB, after the runs. */
  memory: number;
  /** Database statements of one request, at the same load. Absent when they are not counted. */
  statements?: number;
  /** The median of the rounds' ratios to the reference's run in the same round. */
  ratio?: number;
  /** The same ratio for the server's processor time: below 1 is less than the reference uses. */
  cpuRatio?: number;
}

export interface ScenarioResult {
  name: string;
  atLeast?: number;
  atLeastWithRedis?: number;
  servers: Record<string, Figures>;
}

/** The cost of password checks in addition to the hash, and their effect on clients that refresh tokens. */
export interface PasswordResult {
  /** Verifications per second of the hash alone, with as many in parallel as there are processors. */
  hashesPerSecond: number;
  grantsPerSecond: number;
  /** The median of the rounds' ratios. */
  ratio: number;
  /** Milliseconds of refreshes at a steady rate: on an idle server, and while the password grant is saturated. */
  refreshP99Idle: number;
  refreshP99Saturated: number;
  /** Refreshes that failed in the meantime. */
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
