import { setTimeout as pause } from 'node:timers/promises';

/** Tries `check` until it no longer throws, 30 seconds at most; then its last failure is the test's. */
export async function eventually(check: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 30_000;
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
