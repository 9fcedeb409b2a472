import { AppError } from '../errors/app-error.ts';

/** The driver's messages for a statement or a connection attempt that got no response. */
const NO_ANSWER = /query read timeout|due to connection timeout|^timeout expired$/i;
/** How long the circuit stays open. Each attempt would wait for seconds, and a request makes several. */
const OPEN_MS = 500;

/** Whether the database did not respond at all, as opposed to responding with an error. */
export const isUnanswered = (error: unknown): boolean =>
  NO_ANSWER.test(String((error as { message?: unknown } | undefined)?.message));

/**
 * A circuit breaker for a database that is frozen or unreachable. After a statement without a response, all others fail
 * immediately for half a second.
 */
export interface CircuitBreaker {
  /** Records a failure of the driver; opens the circuit when the database did not respond. */
  note(error: unknown): void;
  /** Throws `UNAVAILABLE` while the circuit is open. */
  refuse(): void;
}

/** `now`: milliseconds of a monotonic clock. `onFailure` is called for every failure of any kind. */
export function circuitBreaker({
  now = () => performance.now(),
  onFailure,
}: {
  now?: () => number;
  onFailure?: (error: unknown) => void;
} = {}): CircuitBreaker {
  let until = Number.NEGATIVE_INFINITY;
  return {
    note(error) {
      onFailure?.(error);
      if (isUnanswered(error)) until = now() + OPEN_MS;
    },
    refuse() {
      if (now() < until) throw new AppError('UNAVAILABLE', { retryAfter: 1 });
    },
  };
}
