import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { type Job, type JobSettings, job } from '../../src/jobs/job.ts';

/** A run that ends when the test opens it. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe('a background job', () => {
  let logged: Record<string, unknown>[];
  const jobs: Job[] = [];
  beforeEach(() => {
    logged = [];
  });
  afterEach(async () => {
    await Promise.all(jobs.splice(0).map((each) => each.stop()));
  });

  const made = (run: JobSettings['run'], settings: Partial<JobSettings> = {}): Job => {
    const log = { error: (fields: Record<string, unknown>) => void logged.push(fields) };
    const made = job({ name: 'test', everyMs: 5, log, run, ...settings });
    jobs.push(made);
    return made;
  };
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) await pause(1);
  };

  it('runs again and again', async () => {
    let runs = 0;
    made(async () => {
      runs += 1;
    }).start();
    await until(() => runs >= 3);
  });

  it('does not run before it is started', async () => {
    let runs = 0;
    made(async () => {
      runs += 1;
    });
    await pause(20);
    expect(runs).to.equal(0);
  });

  it('never overlaps; calls during a run share the next one', async () => {
    const gates = [gate(), gate()];
    let runs = 0;
    const { runNow } = made(async () => gates[runs++]?.opened);
    const first = runNow();
    const later = [runNow(), runNow()];
    await pause(5);
    expect(runs).to.equal(1);
    gates[0]?.open();
    await first;
    await pause(5);
    expect(runs).to.equal(2);
    gates[1]?.open();
    await Promise.all(later);
    expect(runs).to.equal(2);
  });

  it('stops after the run in progress, which is notified', async () => {
    const held = gate();
    let signal: AbortSignal | undefined;
    let ended = false;
    const { runNow, stop } = made(async (given) => {
      signal = given;
      await held.opened;
      ended = true;
    });
    void runNow();
    void runNow();
    const stopped = stop();
    expect(signal?.aborted).to.equal(true);
    held.open();
    await stopped;
    expect(ended).to.equal(true);
  });

  it('runs no more once stopped', async () => {
    let runs = 0;
    const { start, stop, runNow } = made(
      async () => {
        runs += 1;
      },
      { everyMs: 1 },
    );
    start();
    await stop();
    const before = runs;
    await runNow();
    await pause(10);
    expect(runs).to.equal(before);
  });

  it('survives its errors, and reports them', async () => {
    let runs = 0;
    const errors: unknown[] = [];
    const broken = new Error('broken');
    const run = async (): Promise<void> => {
      runs += 1;
      if (runs < 3) throw broken;
    };
    made(run, { everyMs: 1, onError: (error) => errors.push(error) }).start();
    await until(() => runs >= 4);
    expect(errors).to.deep.equal([broken, broken]);
    expect(logged).to.deep.equal([
      { job: 'test', failures: 1, err: broken },
      { job: 'test', failures: 2, err: broken },
    ]);
  });

  it('pauses longer after each failure in a row', async () => {
    const at: number[] = [];
    const run = async (): Promise<void> => {
      at.push(performance.now());
      throw new Error('broken');
    };
    made(run, { everyMs: 10 }).start();
    await until(() => at.length === 4);
    // the third pause is 80 ms less a tenth; a timer may be slightly early
    expect((at[3] ?? 0) - (at[2] ?? 0)).to.be.at.least(70);
  });
});
