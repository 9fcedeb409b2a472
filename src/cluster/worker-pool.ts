import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerHandle } from './worker-handle.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that ran at least this long did not fail because of its start. */
const STEADY_MS = 10_000;
/**
 * The time limit for a replacement to start. The first workers have none, because they may have to create the tables.
 */
const START_WITHIN_MS = 60_000;

/** The delay before the next attempt: none at first, then doubled with each worker that exited soon after its start. */
export const pauseAfter = (failures: number): number =>
  failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

/** The error of a start in which a worker exited before it was ready. That worker has logged the reason. */
export class StartFailed extends Error {
  constructor() {
    super('The server did not start: a worker exited before it was ready.');
    this.name = 'StartFailed';
  }
}

interface Log {
  info(fields: Record<string, unknown> | string, message?: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

interface WorkerPoolDeps {
  count: number;
  start(): WorkerHandle;
  /** The time limit for a graceful shutdown of a worker. */
  endWithinMs: number;
  /** Called when a worker exits unexpectedly. */
  onDeath(): void;
  log: Log;
}

export interface WorkerPool {
  /** Starts all workers. Rejects with `StartFailed` when one exits before it is ready; the others keep running. */
  fill(): Promise<void>;
  /**
   * Replaces the workers one after another; each one retires when its successor is ready. Stops at the first successor
   * that cannot start, and the remaining workers keep running. A call during a renewal schedules one more.
   */
  renew(): Promise<void>;
  /** Shuts all workers down gracefully; rejects when one did not exit cleanly. */
  stop(): Promise<void>;
  /** The number of workers that are ready and have not been ordered to end. */
  serving(): number;
  /** Every worker whose process is running. */
  workers(): Iterable<WorkerHandle>;
}

/** Keeps `count` workers serving. */
export function workerPool({ count, start, endWithinMs, onDeath, log }: WorkerPoolDeps): WorkerPool {
  const workers = new Set<WorkerHandle>();
  const serving = new Set<WorkerHandle>();
  let starting = 0;
  let failures = 0;
  let stopping = false;
  let refilling = false;
  let renewing: Promise<void> = Promise.resolve();
  let renewalWaits = false;
  /** False until `fill` is called: until then, there are no workers to renew. */
  let begun = false;
  const stopped = new AbortController();

  const lacking = (): boolean => !stopping && serving.size + starting < count;

  async function died(worker: WorkerHandle, since: number): Promise<void> {
    const { code, signal } = await worker.ended;
    if (!serving.delete(worker) || stopping) return;
    failures = performance.now() - since < STEADY_MS ? failures + 1 : 0;
    log.error(
      { worker: worker.id, exit: code, signal, pauseMs: pauseAfter(failures) },
      'worker exited unexpectedly',
    );
    onDeath();
    refill();
  }

  /** Adds a worker that serves. Rejects when it exits before it is ready or takes longer than `withinMs`. */
  async function add(withinMs?: number): Promise<void> {
    const since = performance.now();
    const worker = start();
    workers.add(worker);
    void worker.ended.then(() => workers.delete(worker));
    const late = withinMs && setTimeout(() => void worker.end('stop', 0), withinMs);
    starting += 1;
    try {
      await worker.ready;
    } finally {
      starting -= 1;
      clearTimeout(late);
    }
    serving.add(worker);
    log.info({ worker: worker.id, pid: worker.pid }, 'worker ready');
    void died(worker, since);
  }

  async function replace(): Promise<void> {
    while (lacking()) {
      await pause(pauseAfter(failures), undefined, { signal: stopped.signal }).catch(() => {});
      if (!lacking()) return;
      try {
        await add(START_WITHIN_MS);
      } catch {
        if (stopping) return;
        failures += 1;
        log.error({ failures, pauseMs: pauseAfter(failures) }, 'worker did not start');
      }
    }
  }

  function refill(): void {
    if (refilling) return;
    refilling = true;
    void replace().finally(() => {
      refilling = false;
      if (lacking()) refill();
    });
  }

  async function renewAll(): Promise<void> {
    log.info('replacing the workers');
    try {
      await renewEach();
    } finally {
      // a worker that died while a new one was starting was counted as replaced by that one
      refill();
    }
  }

  async function renewEach(): Promise<void> {
    for (const old of [...serving]) {
      // a worker that died in the meantime already has a successor
      if (stopping || !serving.has(old)) continue;
      try {
        await add(START_WITHIN_MS);
      } catch {
        if (stopping) return;
        log.error({ worker: old.id }, 'new worker did not start: the remaining workers are kept');
        return;
      }
      if (serving.delete(old)) await old.end('retire', endWithinMs);
    }
    if (!stopping) log.info('workers replaced');
  }

  return {
    async fill() {
      // the first worker prepares the database, so that the others find it ready
      const filling = (async () => {
        await add();
        await Promise.all(Array.from({ length: count - 1 }, () => add()));
      })();
      renewing = filling.catch(() => {});
      begun = true;
      try {
        await filling;
      } catch {
        // `stop` ends the process
        if (stopping) await new Promise<never>(() => {});
        throw new StartFailed();
      }
    },
    renew() {
      if (begun && !renewalWaits) {
        renewalWaits = true;
        renewing = renewing.then(() => {
          renewalWaits = false;
          return renewAll();
        });
      }
      return renewing;
    },
    async stop() {
      stopping = true;
      stopped.abort();
      const ends = [...workers].map(async (worker) => {
        // a worker that was still starting does not handle the signal, so its exit code does not count
        const served = serving.has(worker);
        const { code } = await worker.end('stop', endWithinMs);
        return code === 0 || !served;
      });
      const well = await Promise.all(ends);
      if (well.includes(false)) throw new Error('worker did not shut down cleanly');
    },
    serving: () => serving.size,
    workers: () => workers,
  };
}
