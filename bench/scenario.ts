import type { Load } from './load.ts';
import type { Target } from './target.ts';

/** One kind of client request, as a load. */
export interface Scenario {
  /** The row's name in tables and in `bench/results/`. */
  name: string;
  /** The target for the ratio to the reference, for one process on PostgreSQL with durable commits. */
  atLeast?: number;
  /** The target with Redis, when it differs. */
  atLeastWithRedis?: number;
  connections?: number;
  /** Creates what the load needs (tokens, codes, sessions), and returns a load of about `seconds` seconds. */
  prepare(target: Target, seconds: number): Promise<Pick<Load, 'steps' | 'until'>>;
}

/** The default number of connections of a load. */
export const CONNECTIONS = 64;
