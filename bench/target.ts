import type { BenchClients } from './clients.ts';
import type { Person } from './sign-in.ts';

/** A running server, with the data that a load needs. */
export interface Target {
  /** A short name for tables: `reference`, `postgres`. */
  name: string;
  url: string;
  pid: number;
  /** The postmaster; absent when the database is part of the server. */
  databasePid?: number;
  clients: BenchClients;
  person: Person;
  /** Counts the statements that its database runs during the work; absent when they are not counted. */
  countStatements?: (work: () => Promise<void>) => Promise<number>;
  stop(): Promise<void>;
}
