import { setTimeout as pause } from 'node:timers/promises';
import { endWithUsage, readCommandLine } from './command-line.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand } from './running.ts';
import { type Deployment, deploy } from './soak/deployment.ts';
import { judge } from './soak/judgement.ts';
import { type Load, startLoad } from './soak/load.ts';
import { writeReport } from './soak/report.ts';
import { type Sample, takeSample } from './soak/sampling.ts';
import { targetOf } from './soak/target.ts';

const MINUTES = { default: 10, least: 3, most: 24 * 60 };
const SAMPLE_MS = 15_000;
const MIB = 2 ** 20;

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

function progress({ seconds, processes, tables }: Sample, { done, errors }: Load): string {
  const memory = processes.map(({ rss, heap, lagP99Ms }) =>
    [`${Math.round(rss / MIB)}/${Math.round(heap / MIB)} MiB`, `${lagP99Ms.toFixed(0)} ms`].join(' '),
  );
  const rows = ['records', 'sessions', 'session_ids', 'counters'].map(
    (name) => `${name} ${tables[name]?.rows}`,
  );
  return `${Math.round(seconds / 60)} min: ${sum(done)} done, ${sum(errors)} wrong; ${memory.join(', ')}; ${rows.join(', ')}`;
}

/** Loads the deployment for the given number of minutes, and samples it every 15 seconds. */
async function run(
  deployment: Deployment,
  minutes: number,
): Promise<{ load: Load; busy: number; samples: Sample[] }> {
  const { issuer, processes } = deployment;
  const target = targetOf(
    issuer,
    processes.map(({ url }) => url),
  );
  const samples: Sample[] = [];
  const load = startLoad(target);
  const started = performance.now();
  try {
    for (let due = SAMPLE_MS; due <= minutes * 60_000; due += SAMPLE_MS) {
      await pause(Math.max(0, started + due - performance.now()));
      await deployment.age();
      const sample = await takeSample(deployment, { seconds: due / 1000, done: sum(load.done) });
      samples.push(sample);
      if (due % 60_000 === 0) console.log(progress(sample, load));
    }
  } finally {
    await load.stop();
  }
  return { load, busy: target.busy, samples };
}

async function soak(minutes: number): Promise<boolean> {
  const deployment = await keepTrack(deploy());
  const { load, busy, samples } = await run(deployment, minutes);
  const comparisons = judge(samples);
  const flat = comparisons.every((one) => one.flat);
  console.table(comparisons);
  if (load.errors.size > 0) console.table([...load.errors].map(([error, times]) => ({ error, times })));
  await writeReport({
    machine: machine(),
    at: new Date().toISOString(),
    minutes,
    busy,
    done: Object.fromEntries(load.done),
    errors: Object.fromEntries(load.errors),
    flat,
    comparisons,
    samples,
  });
  console.log(flat ? 'flat' : 'not flat');
  return flat && load.errors.size === 0;
}

const USAGE = `npm run soak -- [MINUTES]

Loads two processes for so many minutes (${MINUTES.default} by default, at least ${MINUTES.least}), and fails when memory or a table grows.`;

const { positionals } = readCommandLine({ usage: USAGE, operands: { least: 0, most: 1 } });
const minutes = Number(positionals[0] ?? MINUTES.default);
if (!(minutes >= MINUTES.least && minutes <= MINUTES.most))
  endWithUsage(USAGE, `MINUTES must be from ${MINUTES.least} to ${MINUTES.most}`);
await runCommand(async () => {
  process.exitCode = (await soak(minutes)) ? 0 : 1;
});
