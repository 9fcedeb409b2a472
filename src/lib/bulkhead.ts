import { availableParallelism } from 'node:os';

export interface BulkheadOptions {
  /** The maximum number of concurrent tasks; 0 means this process's share of the machine's cores, at least one. */
  size: number;
  /** The number of processes that share the machine. Defaults to 1. */
  processes?: number;
  /** The maximum number of tasks that wait for a slot. */
  queue: number;
  /** Milliseconds after which a waiting task is rejected. */
  waitMs: number;
  /** Creates the error of a rejected task. */
  refusal: () => Error;
}

/**
 * A semaphore with a bounded queue for expensive work. Tasks beyond the queue are rejected immediately, so that a burst
 * fails for its senders and does not slow down other requests.
 */
export interface Bulkhead {
  /** Runs the task when a slot is free, in order of arrival. Rejects with the refusal, or as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** The maximum number of concurrent tasks. */
  readonly size: number;
  readonly running: number;
  readonly waiting: number;
}

export function bulkhead({ size, processes = 1, queue, waitMs, refusal }: BulkheadOptions): Bulkhead {
  const slots = size || Math.max(1, Math.floor(availableParallelism() / processes));
  const waiters = new Set<() => void>();
  let running = 0;

  const enter = (): Promise<void> => {
    if (running < slots) {
      running += 1;
      return Promise.resolve();
    }
    if (waiters.size >= queue) return Promise.reject(refusal());
    return new Promise((resolve, reject) => {
      const waiter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(refusal());
      }, waitMs);
      waiters.add(waiter);
    });
  };

  const leave = (): void => {
    const [next] = waiters;
    if (!next) {
      running -= 1;
      return;
    }
    // the slot passes directly to the next waiter: if it were released first, a new task could overtake the queue
    waiters.delete(next);
    next();
  };

  return {
    async run(task) {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
    size: slots,
    get running() {
      return running;
    },
    get waiting() {
      return waiters.size;
    },
  };
}
