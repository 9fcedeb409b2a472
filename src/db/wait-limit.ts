import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import { requestContext } from '../lib/request-context.ts';

const isOutage = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAVAILABLE';

const late = (): AppError =>
  new AppError('UNAVAILABLE', { retryAfter: 1, cause: new Error('timeout of the request') });

interface Options {
  /** Called when the wait ends before the work, which continues, or when the limit has already been reached. */
  onLate?: () => void;
  /** False for work that may succeed without the database: getting a connection that the pool already has. */
  answered?: boolean;
}

/**
 * Returns the result of `work`, which waits for the database. While the database does not respond, a request waits no
 * longer than its limit in total: for a connection, a statement, a retry, or the outcome of a commit. Every response
 * resets the limit, so a request may run any number of statements. Rejects with `UNAVAILABLE` at the limit.
 */
export async function withinLimit<T>(
  work: () => Promise<T>,
  { onLate, answered = true }: Options = {},
): Promise<T> {
  const { waiting } = requestContext();
  if (!waiting) return work();
  const now = performance.now();
  waiting.since ??= now;
  const left = waiting.since + waiting.limitMs - now;
  if (left <= 0) {
    onLate?.();
    throw late();
  }
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate?.();
      reject(late());
    }, left);
  });
  try {
    const result = await Promise.race([work(), end]);
    if (answered) waiting.since = undefined;
    return result;
  } catch (error) {
    if (!isOutage(error)) waiting.since = undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Pauses a request, and shortens its later waits for the database by the same time. Its total limit is unchanged. */
export async function pauseWithinLimit(ms: number): Promise<void> {
  const { waiting } = requestContext();
  if (waiting) waiting.limitMs -= ms;
  await pause(ms);
}
