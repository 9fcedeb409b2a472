import { expect } from 'chai';
import type { Ending, WorkerHandle } from '../../src/cluster/worker-handle.ts';
import { pauseAfter, StartFailed, type WorkerPool, workerPool } from '../../src/cluster/worker-pool.ts';
import { eventually } from '../support/eventually.ts';

/** A worker without a process. */
interface Puppet extends WorkerHandle {
  becomeReady(): void;
  die(ending?: Partial<Ending>): void;
  /** The commands to end that it has received. */
  told: string[];
}

function puppet(id: number): Puppet {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Ending>();
  let over = false;
  const told: string[] = [];
  ready.promise.catch(() => {});
  const die = ({ code = null, signal = null }: Partial<Ending> = {}): void => {
    over = true;
    ended.resolve({ code, signal });
    ready.reject(new Error('ended'));
  };
  return {
    id,
    pid: id,
    ready: ready.promise,
    ended: ended.promise,
    hasEnded: () => over,
    read: async () => [],
    async end(how) {
      told.push(how);
      die({ code: 0 });
      return ended.promise;
    },
    becomeReady: () => ready.resolve(),
    die,
    told,
  };
}

describe('workerPool', () => {
  let started: Puppet[];
  let deaths: number;
  let pool: WorkerPool;

  beforeEach(() => {
    started = [];
    deaths = 0;
    pool = workerPool({
      count: 2,
      start() {
        started.push(puppet(started.length + 1));
        return started.at(-1) as Puppet;
      },
      endWithinMs: 1000,
      onDeath: () => {
        deaths += 1;
      },
      log: { info: () => {}, error: () => {} },
    });
  });

  const startedAre = (count: number) => eventually(async () => expect(started).to.have.length(count));
  const get = (id: number): Puppet => started[id - 1] as Puppet;
  async function filled(): Promise<void> {
    const filling = pool.fill();
    get(1).becomeReady();
    await startedAre(2);
    get(2).becomeReady();
    await filling;
  }

  it('lets the first worker prepare everything before the others begin', async () => {
    const filling = pool.fill();
    await new Promise((resume) => setImmediate(resume));
    expect(started).to.have.length(1);
    get(1).becomeReady();
    await startedAre(2);
    expect(pool.serving()).to.equal(1);
    get(2).becomeReady();
    await filling;
    expect(pool.serving()).to.equal(2);
  });

  for (const failing of [1, 2])
    it(`fails when worker ${failing} cannot start, and tries no other`, async () => {
      const filling = pool.fill().catch((error: unknown) => error);
      if (failing === 2) get(1).becomeReady();
      await startedAre(failing);
      get(failing).die({ code: 1 });
      expect(await filling).to.be.instanceOf(StartFailed);
      await pool.stop();
      expect(started).to.have.length(failing);
    });

  it('replaces one that died, and tries again when its successor cannot start', async () => {
    await filled();
    get(1).die({ signal: 'SIGKILL' });
    await startedAre(3);
    get(3).die({ code: 1 });
    await startedAre(4);
    get(4).becomeReady();
    await eventually(async () => expect(pool.serving()).to.equal(2));
    expect(deaths).to.equal(1);
    await pool.stop();
  });

  it('waits longer after each one that died immediately', () => {
    const pauses = Array.from({ length: 10 }, (_, failures) => pauseAfter(failures));
    expect(pauses.slice(0, 4)).to.deep.equal([0, 500, 1000, 2000]);
    expect(pauses.at(-1)).to.equal(30_000);
  });

  it('renews one after another, and ends no worker before its successor is ready', async () => {
    await filled();
    const renewing = pool.renew();
    await startedAre(3);
    expect(get(1).told).to.deep.equal([]);
    get(3).becomeReady();
    await startedAre(4);
    expect([get(1).told, get(2).told]).to.deep.equal([['retire'], []]);
    get(4).becomeReady();
    await renewing;
    expect(get(2).told).to.deep.equal(['retire']);
    expect([pool.serving(), deaths]).to.deep.equal([2, 0]);
    await pool.stop();
  });

  it('renews once more for any number of calls during a renewal', async () => {
    await filled();
    const first = pool.renew();
    await startedAre(3);
    const more = Promise.all([pool.renew(), pool.renew(), pool.renew()]);
    for (const id of [3, 4, 5, 6]) {
      await startedAre(id);
      get(id).becomeReady();
    }
    await Promise.all([first, more]);
    expect(started).to.have.length(6);
    await pool.stop();
  });

  it('goes on with the old ones when a new one cannot start', async () => {
    await filled();
    const renewing = pool.renew();
    await startedAre(3);
    get(3).die({ code: 1 });
    await renewing;
    expect([get(1).told, get(2).told, pool.serving()]).to.deep.equal([[], [], 2]);
    await pool.stop();
  });

  it('does not start a second successor for one that dies while it is renewed', async () => {
    await filled();
    const renewing = pool.renew();
    await startedAre(3);
    get(1).die({ signal: 'SIGSEGV' });
    get(3).becomeReady();
    await startedAre(4);
    get(4).becomeReady();
    await renewing;
    expect([started.length, pool.serving(), deaths]).to.deep.equal([4, 2, 1]);
    await pool.stop();
  });

  it('stops all, and says when one did not end well', async () => {
    await filled();
    await pool.stop();
    expect([get(1).told, get(2).told]).to.deep.equal([['stop'], ['stop']]);
    expect([pool.serving(), deaths, started.length]).to.deep.equal([0, 0, 2]);
  });

  it('says so when one had to be killed', async () => {
    await filled();
    get(2).end = async () => {
      get(2).die({ signal: 'SIGKILL' });
      return get(2).ended;
    };
    expect(await pool.stop().catch((error: Error) => error.message)).to.equal(
      'worker did not shut down cleanly',
    );
  });
});
