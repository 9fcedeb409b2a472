import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 100;

/**
 * Runs `work` and settles as it does, but only at whole steps of a tenth of a second after the start: whether there
 * was much to do or nothing, the caller cannot tell by the time.
 */
export async function evenly<T>(work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    await pause(STEP_MS - ((performance.now() - start) % STEP_MS));
  }
}
