import { setTimeout as pause } from 'node:timers/promises';

/** Retries `check` for at most 30 seconds until it no longer throws. Then it throws the error of the last attempt. */
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
