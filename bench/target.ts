import type { BenchClients } from './clients.ts';
import type { Person } from './sign-in.ts';

/** A server that runs, with what a load needs to know of it. */
export interface Target {
  /** Short, for tables: `reference`, `postgres`. */
  name: string;
  url: string;
  pid: number;
  clients: BenchClients;
  person: Person;
  /** How many statements its database runs during the work; absent where nobody counts them. */
  countStatements?: (work: () => Promise<void>) => Promise<number>;
  stop(): Promise<void>;
}
