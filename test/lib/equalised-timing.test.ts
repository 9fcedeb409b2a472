import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { equaliseTiming } from '../../src/lib/equalised-timing.ts';

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await equaliseTiming(work).catch(() => {});
  return performance.now() - start;
};

describe('even time', () => {
  it('is the same for little work, none, and work that fails', async () => {
    const works = [
      () => pause(20),
      async () => {},
      async () => {
        throw new Error('no');
      },
    ];
    for (const work of works) {
      // timers may be a millisecond early, and late on a busy machine, but not five times
      const times: number[] = [];
      for (let time = 0; time < 5; time += 1) times.push(await timed(work));
      expect(Math.min(...times)).to.be.within(98, 195);
    }
  });

  it('goes on in whole steps for more work', async () => {
    expect(await timed(() => pause(110))).to.be.at.least(198);
  });

  it('gives back what the work gives, and its failure', async () => {
    expect(await equaliseTiming(async () => 'done')).to.equal('done');
    const failure = new Error('no');
    const failed = equaliseTiming(() => Promise.reject(failure));
    expect(await failed.catch((error: unknown) => error)).to.equal(failure);
  });
});
