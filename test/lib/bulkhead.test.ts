import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { bulkhead } from '../../src/lib/bulkhead.ts';

class Refused extends Error {}
const refusal = () => new Refused();

/** A task that ends when the test opens it. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { task: () => promise, open: resolve };
}

describe('bulkhead', () => {
  it('runs at most `size` of 200 simultaneous tasks, queues, and refuses the rest at once', async () => {
    const lanes = bulkhead({ size: 4, queue: 50, waitMs: 10_000, refusal });
    let active = 0;
    let most = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () =>
        lanes.run(async () => {
          active += 1;
          most = Math.max(most, active);
          await sleep(1);
          active -= 1;
        }),
      ),
    );
    expect(most).to.equal(4);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(54);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(Refused);
    }
    expect(lanes).to.include({ running: 0, waiting: 0 });
  });

  it('starts waiting tasks in order of arrival', async () => {
    const lanes = bulkhead({ size: 1, queue: 10, waitMs: 10_000, refusal });
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4].map((n) => lanes.run(async () => void order.push(n))));
    expect(order).to.deep.equal([1, 2, 3, 4]);
  });

  it('refuses a task that has waited too long, and never starts it', async () => {
    const lanes = bulkhead({ size: 1, queue: 1, waitMs: 5, refusal });
    const first = gate();
    const running = lanes.run(first.task);
    let started = false;
    const late = await lanes
      .run(async () => {
        started = true;
      })
      .catch((error: unknown) => error);
    expect(late).to.be.instanceOf(Refused);
    expect(lanes).to.include({ running: 1, waiting: 0 });
    first.open();
    await running;
    expect(started).to.equal(false);
    expect(lanes.running).to.equal(0);
    expect(await lanes.run(async () => 'free again')).to.equal('free again');
  });

  it('gives the place free when a task fails, and passes its error on', async () => {
    const lanes = bulkhead({ size: 1, queue: 1, waitMs: 1000, refusal });
    const failures = await Promise.allSettled([
      lanes.run(() => Promise.reject(new Error('first'))),
      lanes.run(() => {
        throw new Error('second');
      }),
    ]);
    expect(failures.map((failure) => failure.status === 'rejected' && failure.reason.message)).to.deep.equal([
      'first',
      'second',
    ]);
    expect(lanes).to.include({ running: 0, waiting: 0 });
  });

  it('has as many places as cores when the size is 0', async () => {
    const lanes = bulkhead({ size: 0, queue: 1, waitMs: 1000, refusal });
    const block = gate();
    const tasks = Array.from({ length: availableParallelism() + 1 }, () => lanes.run(block.task));
    expect(lanes).to.include({ running: availableParallelism(), waiting: 1 });
    block.open();
    await Promise.all(tasks);
  });

  it('has its share of the cores when processes share them, and one at least', () => {
    const sizeFor = (size: number, processes: number) =>
      bulkhead({ size, processes, queue: 1, waitMs: 1000, refusal }).size;
    expect(sizeFor(0, 1)).to.equal(availableParallelism());
    expect(sizeFor(0, 2)).to.equal(Math.max(1, Math.floor(availableParallelism() / 2)));
    expect(sizeFor(0, 1000)).to.equal(1);
    expect(sizeFor(3, 1000)).to.equal(3);
  });
});
