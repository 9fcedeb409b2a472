import { randomInt } from 'node:crypto';
import { explainDatabase } from '../db/explain.ts';

export interface JobLog {
  error(fields: Record<string, unknown>, message: string): void;
}

export interface JobSettings {
  name: string;
  /** The pause between two runs, plus or minus a tenth; it doubles after each failure. */
  everyMs: number;
  /** `stop` aborts the signal: a long run then ends at the next suitable point. */
  run(signal: AbortSignal): Promise<void>;
  log: JobLog;
  /** Called for every failure, for metrics. */
  onError?: ((error: unknown, job: string) => void) | undefined;
}

export interface Job {
  start(): void;
  /** Prevents further runs; resolves when the current one has ended. */
  stop(): Promise<void>;
  /**
   * Resolves after a run that started after this call, even if it failed, so that it sees earlier writes. Calls during
   * a run share the run that follows.
   */
  runNow(): Promise<void>;
}

/** The longest pause after repeated failures, unless the job's own pause is longer. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Runs a task repeatedly, never concurrently, and continues after errors. The timer does not keep the process alive.
 */
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
      // a problem that an operator can fix has its own sentence in the log
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
