import type { Context } from 'mocha';
import { runAtEnd, runAtStart } from './at-end.ts';
import { resetClock } from './clock.ts';

/** A machine under load may take this long to start the embedded database and to migrate it. */
const START_MS = 120_000;

export const mochaHooks = {
  async beforeAll(this: Context): Promise<void> {
    this.timeout(START_MS);
    await runAtStart();
  },
  afterEach: resetClock,
  async afterAll(this: Context): Promise<void> {
    this.timeout(START_MS);
    await runAtEnd();
  },
};

// mocha itself would leave behind the servers that tests have started
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void runAtEnd().finally(() => process.exit(exitCode)));
}
