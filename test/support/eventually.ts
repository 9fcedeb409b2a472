import { setTimeout as pause } from 'node:timers/promises';

/** Tries `check` until it no longer throws, 15 seconds at most; then its last failure is the test's. */
export async function eventually(check: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await pause(50);
  }
}
