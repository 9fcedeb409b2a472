import { setTimeout as pause } from 'node:timers/promises';
import { cyclesOf, type Fault } from '../fault.ts';
import type { ClusterStage } from '../stage/cluster-stage.ts';
import { guess, SLOWER_MS } from './redis.ts';

/** The time for the servers to find the new primary, and for the load to use its counters. */
const USED_WITHIN_MS = 15_000;

export const redisFailover: Fault<ClusterStage> = {
  name: 'redis-failover',
  what: 'The primary of Redis is killed, the sentinels promote its replica, and it comes back as the replica. Then someone guesses passwords.',
  never: `Answers that take more than ${SLOWER_MS} ms longer; counters that stay in PostgreSQL; a guess beyond a limit that is checked afterwards.`,
  slowerByMs: SLOWER_MS,
  async inject(around, options) {
    const { stage, tally } = around;
    const { sentinels } = stage;
    for (let cycle = 0; cycle < cyclesOf(options); cycle += 1) {
      const began = performance.now();
      await sentinels.failOver();
      const promoted = performance.now();
      const before = await sentinels.scripts();
      while ((await sentinels.scripts()) === before && performance.now() < promoted + USED_WITHIN_MS)
        await pause(100);
      if ((await sentinels.scripts()) === before) tally.lost.push('the new primary of Redis is not used');
      const [away, later] = [promoted - began, performance.now() - promoted].map((ms) =>
        (ms / 1000).toFixed(1),
      );
      tally.notes.push(`Redis had a new primary after ${away} s, which was used ${later} s later`);
      await sentinels.again();
    }
    // where guesses are counted depends on how fast Redis responds
    if (!options.short) return () => guess(around);
    return undefined;
  },
};
