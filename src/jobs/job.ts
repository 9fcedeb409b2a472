import { randomInt } from 'node:crypto';
import { explainDatabase } from '../db/explain.ts';

export interface JobLog {
  error(fields: Record<string, unknown>, message: string): void;
}

export interface JobSettings {
  name: string;
  /** Time between the end of a run and the start of the next, give or take a tenth; after failures it doubles. */
  everyMs: number;
  /** The signal is aborted by `stop`: a long run ends at its next good moment. */
  run(signal: AbortSignal): Promise<void>;
  log: JobLog;
  /** Called for every failure, for metrics. */
  onError?: ((error: unknown, job: string) => void) | undefined;
}

export interface Job {
  start(): void;
  /** No run begins afterwards; resolves when the one in progress has ended. */
  stop(): Promise<void>;
  /**
   * Resolves after a run that began after this call, whether it failed or not: what was written before is seen. Calls
   * during a run share the one that follows it.
   */
  runNow(): Promise<void>;
}

/** Failures in a row stretch the pause to this at most, unless the job's own pause is longer. */
const LONGEST_PAUSE_MS = 60_000;

/** Runs something again and again, never twice at once, surviving its errors. The timer keeps no process alive. */
export function job({ name, everyMs, run, log, onError }: JobSettings): Job {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let failures = 0;
  let current: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  function schedule(): void {
    if (!started || stopping.signal.aborted) return;
    const stretched = Math.min(everyMs * 2 ** failures, Math.max(everyMs, LONGEST_PAUSE_MS));
    clearTimeout(timer);
    const tenth = Math.ceil(stretched / 10);
    timer = setTimeout(runNow, stretched + randomInt(-tenth, tenth + 1)).unref();
  }

  async function once(): Promise<void> {
    clearTimeout(timer);
    try {
      await run(stopping.signal);
      failures = 0;
    } catch (error) {
      failures += 1;
      // what an operator can fix has a sentence of its own in the log
      const why = explainDatabase(error);
      log.error(
        { job: name, failures, ...(why ? { reason: why.what } : { err: error }) },
        'background job failed',
      );
      onError?.(error, name);
    }
  }

  function begin(): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    current = once().finally(() => {
      current = undefined;
      schedule();
    });
    return current;
  }

  function runNow(): Promise<void> {
    if (!current) return begin();
    following ??= current.then(() => {
      following = undefined;
      return begin();
    });
    return following;
  }

  return {
    start() {
      if (started) return;
      started = true;
      schedule();
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await (following ?? current);
    },
    runNow,
  };
}
