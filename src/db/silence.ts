import { AppError } from '../errors/app-error.ts';

/** What the driver says when nothing at all came back: to a statement, or to a connection that was begun. */
const NO_ANSWER = /query read timeout|due to connection timeout|^timeout expired$/i;
/** For so long nobody tries after that: one who does waits for seconds, and some would do it several times in a row. */
const SILENT_MS = 500;

/** Whether this failure means that the database said nothing, rather than no. */
export const isSilence = (error: unknown): boolean =>
  NO_ANSWER.test(String((error as { message?: unknown } | undefined)?.message));

/**
 * A database that is frozen, or cut off without a word, lets everybody wait as long as they will. After the first who
 * did, the others are told at once, and every half second somebody tries again.
 */
export interface Silence {
  /** Looks at a failure of the driver. */
  note(error: unknown): void;
  /** Throws `UNAVAILABLE` while the database counts as silent. */
  refuse(): void;
}

/** `now`: milliseconds of a clock that only goes on. */
export function silence(now: () => number = () => performance.now()): Silence {
  let until = Number.NEGATIVE_INFINITY;
  return {
    note(error) {
      if (isSilence(error)) until = now() + SILENT_MS;
    },
    refuse() {
      if (now() < until) throw new AppError('UNAVAILABLE', { retryAfter: 1 });
    },
  };
}
