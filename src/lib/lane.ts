import { availableParallelism } from 'node:os';

export interface LaneOptions {
  /** How many tasks may run at once; 0 means this process's share of the machine's cores, at least one. */
  size: number;
  /** How many processes share the machine; one unless told. */
  processes?: number;
  /** How many more may wait for a place. */
  queue: number;
  /** Milliseconds after which a waiting task is refused. */
  waitMs: number;
  /** Makes the error that a refused task fails with. */
  refusal: () => Error;
}

/**
 * A bounded way through for work that is dear: what does not fit is refused at once, so a burst costs its
 * senders an error and everybody else nothing.
 */
export interface Lane {
  /** Runs the task when a place is free, in order of arrival; rejects with the refusal, or as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** How many tasks may run at once. */
  readonly size: number;
  readonly running: number;
  readonly waiting: number;
  /** Tasks refused since the start: the queue was full, or they waited too long. */
  readonly refused: number;
}

export function lane({ size, processes = 1, queue, waitMs, refusal }: LaneOptions): Lane {
  const places = size || Math.max(1, Math.floor(availableParallelism() / processes));
  const waiters = new Set<() => void>();
  let running = 0;
  let refused = 0;

  const refuse = (): Error => {
    refused += 1;
    return refusal();
  };

  const enter = (): Promise<void> => {
    if (running < places) {
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
    // The place goes to the next one directly: given back first, a newcomer could overtake the queue.
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
    size: places,
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
