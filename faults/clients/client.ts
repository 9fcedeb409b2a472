import type { Caller } from '../caller.ts';
import type { Stage } from '../stage/stage.ts';
import type { Tally } from '../tally.ts';

/** One of those that make up the load: it does its turn again and again, and knows what it was promised. */
export interface LoadClient {
  kind: string;
  /** Between two turns. */
  thinkMs: number;
  /** Signs in, registers: whatever it needs before the load. Everything is well then. */
  prepare(): Promise<void>;
  /** One piece of work, tried until it is answered. What is wrong goes into the tally. */
  turn(): Promise<void>;
  /** Afterwards, when everything is well again: compares what it was promised with what is so. */
  check(): Promise<void>;
}

/** What a client is given. */
export interface Around<S extends Stage = Stage> {
  stage: S;
  tally: Tally;
  issuer: string;
  /** A try that was refused may have used up a code all the same: see `Fault`. */
  unheard: boolean;
  /** A caller with an address of its own. */
  caller(kind: string): Caller;
  /** Has something checked at the end of the whole run, when the last message must have been sent. */
  later(check: () => Promise<void>): void;
}

export type MakeClient = (around: Around) => LoadClient;

/** Runs `work` for every item, some at a time. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const bulkhead = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, bulkhead));
}
