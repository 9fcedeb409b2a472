import type { Context } from 'mocha';
import { runAtEnd, runAtStart } from './at-end.ts';
import { resetClock } from './clock.ts';

/** A machine under load may take this long to start the embedded database and to migrate it. */
const START_MS = 120_000;
/** What closes after the last test has this long; what a test has left open ends with the process then. */
const END_MS = 30_000;

/** Says what is still open, instead of waiting for it for ever. The exit code stays that of the tests. */
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

// mocha itself would leave behind the servers that tests have started
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void runAtEnd().finally(() => process.exit(exitCode)));
}
