import type { Around } from './clients/client.ts';
import type { Stage } from './stage/stage.ts';

export interface FaultOptions {
  /** The number of server kills, instead of kills for a minute. */
  kills?: number | undefined;
  /** Runs repeated faults once and does not judge times, for machines that may be slow. */
  short?: boolean | undefined;
}

/** A fault that is injected into a stage of this kind. */
export interface Fault<S extends Stage = Stage> {
  /** Its name on the command line and in the table. */
  name: string;
  /** A description of one sentence. */
  what: string;
  /** The effects that it must never have, in addition to those that no fault may have. */
  never: string;
  /** Connections between clients and servers may break, because a server is killed. */
  cuts?: true;
  /**
   * PostgreSQL may accept a commit and not respond within any deadline. It is then unknown whether the code was used,
   * and a used code must never work again. The refusal that follows is therefore correct.
   */
  unheard?: true;
  /** The maximum increase of the median response time, for every kind of client. */
  slowerByMs?: number;
  /**
   * Injects the fault under load, and resolves when everything has recovered. A returned function is run after the load
   * has ended. Errors go into the tally.
   */
  inject(around: Around<S>, options: FaultOptions): Promise<void | (() => Promise<void>)>;
}

/** The number of consecutive repetitions of a cluster fault. */
export const cyclesOf = ({ short }: FaultOptions): number => (short ? 1 : 3);

/** The seconds after the end of a fault within which requests may still be refused. */
export const RECOVERED_WITHIN = 5;
