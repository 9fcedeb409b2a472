import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 100;

/**
 * Runs `work` and settles as it does, but only at multiples of a tenth of a second after the start. So the response
 * time does not reveal how much work was done.
 */
export async function equaliseTiming<T>(work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    await pause(STEP_MS - ((performance.now() - start) % STEP_MS));
  }
}
