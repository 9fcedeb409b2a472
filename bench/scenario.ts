import type { Load } from './load.ts';
import type { Target } from './target.ts';

/** Something that clients do, as a load. */
export interface Scenario {
  /** The row's name in tables and in `bench/results/`. */
  name: string;
  /** The least share of the reference's figure that is aimed at, PostgreSQL with durable commits and one process. */
  atLeast?: number;
  /** The same with Redis, where another is aimed at. */
  atLeastWithRedis?: number;
  connections?: number;
  /** Makes what the load needs (tokens, codes, sessions) and returns the load, of about so many seconds. */
  prepare(target: Target, seconds: number): Promise<Pick<Load, 'steps' | 'until'>>;
}

/** Connections of a load unless a scenario says otherwise. */
export const CONNECTIONS = 64;
