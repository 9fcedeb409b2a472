import { runAtEnd } from './at-end.ts';
import { resetClock } from './clock.ts';
import { testDatabase } from './database.ts';

export const mochaHooks = {
  async afterEach(): Promise<void> {
    await resetClock(await testDatabase());
  },
  async afterAll(): Promise<void> {
    await runAtEnd();
  },
};
