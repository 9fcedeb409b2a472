import type { Context } from 'mocha';
import { runAtEnd, runAtStart } from './at-end.ts';
import { resetClock } from './clock.ts';

/** The time that a machine under load may need to start the embedded database and to migrate it. */
const START_MS = 120_000;
/**
 * The time that resources have to close after the last test. Then the process exits, with whatever a test has left
 * open.
 */
const END_MS = 30_000;

/** Reports what is still open instead of waiting for it indefinitely. The exit code stays that of the tests. */
function endSoon(): void {
  setTimeout(() => {
    console.error(`left open by a test: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit();
  }, END_MS).unref();
}

export const mochaHooks = {
  async beforeAll(this: Context): Promise<void> {
    this.timeout(START_MS);
    await runAtStart();
  },
  afterEach: resetClock,
  async afterAll(this: Context): Promise<void> {
    this.timeout(START_MS);
    await runAtEnd();
    endSoon();
  },
};

// by default, mocha would leave the servers running that tests have started
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void runAtEnd().finally(() => process.exit(exitCode)));
}
