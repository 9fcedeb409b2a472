import { availableParallelism } from 'node:os';

export interface BulkheadOptions {
  /** How many tasks may run at once; 0 means this process's share of the machine's cores, at least one. */
  size: number;
  /** How many processes share the machine; one unless told. */
  processes?: number;
  /** How many more may wait for a slot. */
  queue: number;
  /** Milliseconds after which a waiting task is rejected. */
  waitMs: number;
  /** Makes the error that a rejected task fails with. */
  refusal: () => Error;
}

/**
 * A semaphore with a bounded queue for expensive work. What exceeds the queue is rejected at once, so a burst costs its
 * senders an error and does not slow anyone else down.
 */
export interface Bulkhead {
  /** Runs the task when a slot is free, in order of arrival; rejects with the refusal, or as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** How many tasks may run at once. */
  readonly size: number;
  readonly running: number;
  readonly waiting: number;
  /** Tasks rejected since the start: the queue was full, or they waited too long. */
  readonly refused: number;
}

export function bulkhead({ size, processes = 1, queue, waitMs, refusal }: BulkheadOptions): Bulkhead {
  const slots = size || Math.max(1, Math.floor(availableParallelism() / processes));
  const waiters = new Set<() => void>();
  let running = 0;
  let refused = 0;

  const refuse = (): Error => {
    refused += 1;
    return refusal();
  };

  const enter = (): Promise<void> => {
    if (running < slots) {
      running += 1;
      return Promise.resolve();
    }
    if (waiters.size >= queue) return Promise.reject(refuse());
    return new Promise((resolve, reject) => {
      const waiter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(refuse());
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
    // The slot passes to the next waiter directly: released first, a newcomer could overtake the queue.
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
    get refused() {
      return refused;
    },
  };
}
