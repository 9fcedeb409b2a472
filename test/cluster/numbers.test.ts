import { expect } from 'chai';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { allNumbers } from '../../src/cluster/numbers.ts';
import type { WorkerHandle } from '../../src/cluster/worker-handle.ts';

interface Counting extends WorkerHandle {
  count(by: number): void;
  over(): void;
  /** From now on, reads fail. */
  fallSilent(): void;
}

/** A worker without a process. It has a counter, a gauge that holds one of something, and a gauge of the database. */
function counting(id: number): Counting {
  const registry = new Registry();
  const registers = [registry];
  const counter = new Counter({ name: 'counted_total', help: '-', labelNames: ['kind'], registers });
  const times = new Histogram({ name: 'seconds', help: '-', buckets: [1], registers });
  new Gauge({ name: 'held', help: '-', registers }).set(1);
  new Gauge({ name: 'in_database', help: '-', aggregator: 'max', registers }).set(7);
  let ended = false;
  let silent = false;
  return {
    id,
    pid: id,
    ready: Promise.resolve(),
    ended: Promise.withResolvers<never>().promise,
    hasEnded: () => ended,
    async read() {
      if (silent) throw new Error('silent');
      // values from another process are a copy
      return structuredClone(await registry.getMetricsAsJSON());
    },
    end: () => Promise.reject(new Error('not asked to')),
    count(by) {
      counter.inc({ kind: 'a' }, by);
      times.observe(0.5);
    },
    over: () => {
      ended = true;
    },
    fallSilent: () => {
      silent = true;
    },
  };
}

describe('the numbers of several workers', () => {
  const setUp = () => {
    const workers = [counting(1), counting(2)] as [Counting, Counting];
    const own = new Registry();
    new Gauge({ name: 'workers', help: '-', registers: [own] }).set(2);
    const numbers = allNumbers(own, () => workers.filter((worker) => !worker.hasEnded()));
    const lines = async () =>
      (await numbers.metrics()).split('\n').filter((line) => line && !line.startsWith('#'));
    workers[0].count(3);
    workers[1].count(4);
    return { workers, numbers, lines };
  };

  it('are sums, except for those of the database, which are one reading', async () => {
    const { lines } = setUp();
    expect(await lines()).to.have.members([
      'counted_total{kind="a"} 7',
      'seconds_bucket{le="1"} 2',
      'seconds_bucket{le="+Inf"} 2',
      'seconds_sum 1',
      'seconds_count 2',
      'held 2',
      'in_database 7',
      'workers 2',
    ]);
  });

  it('keep the counts of a worker that has ended, and nothing that it held', async () => {
    const { workers, numbers, lines } = setUp();
    workers[0].count(10);
    const last = await workers[0].read();
    workers[0].over();
    numbers.ended(1, last);
    expect(await lines()).to.include.members(['counted_total{kind="a"} 17', 'seconds_count 3', 'held 1']);
    workers[1].over();
    numbers.ended(2);
    // the values of its last read
    expect(await lines())
      .to.include('counted_total{kind="a"} 17')
      .and.not.include('held 1');
  });

  it('keep what was last read of a worker that was killed', async () => {
    const { workers, numbers, lines } = setUp();
    await lines();
    workers[0].count(1);
    workers[0].over();
    numbers.ended(1);
    expect(await lines()).to.include('counted_total{kind="a"} 7');
  });

  it('leave out a worker that does not respond, except for its earlier counts', async () => {
    const { workers, lines } = setUp();
    await lines();
    workers[0].fallSilent();
    workers[1].count(1);
    expect(await lines()).to.include.members(['counted_total{kind="a"} 8', 'held 1', 'in_database 7']);
  });
});
