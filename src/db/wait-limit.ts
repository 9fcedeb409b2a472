import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import { requestContext } from '../lib/request-context.ts';

const isOutage = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAVAILABLE';

const late = (): AppError =>
  new AppError('UNAVAILABLE', { retryAfter: 1, cause: new Error('timeout of the request') });

interface Options {
  /** Called when the wait ends before the work, which goes on, or when the limit was reached before. */
  onLate?: () => void;
  /** False for what succeeds without the database: a connection that the pool has. */
  answered?: boolean;
}

/**
 * The outcome of `work`, which waits for the database. A request that gets no answer from it waits no longer than its
 * limit in all: for a connection, a statement, another try, the question what became of a commit. Every answer starts
 * the limit again, so a request may have any number of statements. Rejects with `UNAVAILABLE` at the limit.
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

/** Pauses a request; it may wait for the database so much less afterwards, so that its limit stays what it is. */
export async function pauseWithinLimit(ms: number): Promise<void> {
  const { waiting } = requestContext();
  if (waiting) waiting.limitMs -= ms;
  await pause(ms);
}
