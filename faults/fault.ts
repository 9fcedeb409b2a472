import type { Around } from './clients/client.ts';
import type { Stage } from './stage/stage.ts';

export interface FaultOptions {
  /** How many times servers are killed, in place of a minute. */
  kills?: number | undefined;
  /** Once what is otherwise repeated, and no judgement by time: for a machine that may be slow. */
  short?: boolean | undefined;
}

/** What is done to a stage of this kind. */
export interface Fault<S extends Stage = Stage> {
  /** What it is called on the command line and in the table. */
  name: string;
  /** What is done, in a sentence. */
  what: string;
  /** What it must never cause, beyond what no fault may cause. */
  never: string;
  /** Connections between clients and servers may break: a server is killed. */
  cuts?: true;
  /**
   * PostgreSQL may take a commit and say nothing for longer than anyone waits. Nobody knows then whether the code was
   * used, and one that was must never work again: the refusal that follows is right.
   */
  unheard?: true;
  /** The median answer of every kind of client may take so many milliseconds longer than before, at most. */
  slowerByMs?: number;
  /**
   * Does it, under load, and resolves when everything is whole again. What it returns is run after the load has ended.
   * Whatever is wrong goes into the tally.
   */
  inject(around: Around<S>, options: FaultOptions): Promise<void | (() => Promise<void>)>;
}

/** How many times in a row the faults of clusters are caused. */
export const cyclesOf = ({ short }: FaultOptions): number => (short ? 1 : 3);

/** Seconds after the end of a fault by which no request is refused any more. */
export const RECOVERED_WITHIN = 5;
