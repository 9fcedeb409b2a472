import type { Caller } from '../caller.ts';
import type { Stage } from '../stage/stage.ts';
import type { Tally } from '../tally.ts';

/** One client of the load. It repeats its turn, and records what was acknowledged. */
export interface LoadClient {
  kind: string;
  /** The pause between two turns. */
  thinkMs: number;
  /** Prepares what it needs before the load, such as sign-ins and registrations. No fault is active then. */
  prepare(): Promise<void>;
  /** Performs one unit of work, and retries it until it is answered. Errors go into the tally. */
  turn(): Promise<void>;
  /** Compares what was acknowledged with the actual state, after everything has recovered. */
  check(): Promise<void>;
}

/** The environment of a client. */
export interface Around<S extends Stage = Stage> {
  stage: S;
  tally: Tally;
  issuer: string;
  /** Whether a refused attempt may still have used up a code: see `Fault`. */
  unheard: boolean;
  /** Creates a caller with a separate address. */
  caller(kind: string): Caller;
  /** Schedules a check for the end of the whole run, when the last message must have been sent. */
  later(check: () => Promise<void>): void;
}

export type MakeClient = (around: Around) => LoadClient;

/** Runs `work` for every item, up to eight at a time. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const bulkhead = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, bulkhead));
}
