import { runAtEnd } from './at-end.ts';
import { resetClock } from './clock.ts';

export const mochaHooks = {
  afterEach: resetClock,
  async afterAll(): Promise<void> {
    await runAtEnd();
  },
};
