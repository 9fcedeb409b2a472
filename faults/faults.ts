import { mkdir, rm } from 'node:fs/promises';
import { endWithUsage, readCommandLine, wholeNumber } from '../bench/command-line.ts';
import { CLUSTER_FAULTS, FAULTS, SINGLE_FAULTS } from './all.ts';
import type { MakeClient } from './clients/client.ts';
import type { Fault } from './fault.ts';
import { CREW, PROBED_CREW } from './load.ts';
import {
  findings,
  passed,
  rowOf,
  summed,
  writeClusterResults,
  writeFaults,
  writeJson,
  writeResults,
} from './report.ts';
import { brokenOff, type FaultRun, runFault } from './run-fault.ts';
import { startClusterStage } from './stage/cluster-stage.ts';
import { startSingleStage } from './stage/single-stage.ts';
import { type OnCrash, RESULTS, type Stage, type Stops } from './stage/stage.ts';
import { newTally, type Tally } from './tally.ts';

const namesOf = (faults: readonly { name: string }[]): string[] => faults.map(({ name }) => name);
const USAGE = `npm run faults -- [FAULT …] [--kills 100] [--short]

Causes faults under load, and compares what was acknowledged with what is so. All of them by default.

of single services:  ${namesOf(SINGLE_FAULTS).join(', ')}
of clusters:         ${namesOf(CLUSTER_FAULTS).join(', ')}

--kills     server-kill kills so many times, in place of a minute
--short     each fault of clusters once, all of them by default; time is measured and not judged`;

const { positionals: names, values } = readCommandLine({
  usage: USAGE,
  options: { kills: { type: 'string' }, short: { type: 'boolean' } },
  operands: { least: 0, most: FAULTS.length },
});
const short = values.short === true;
const known = namesOf(short ? CLUSTER_FAULTS : FAULTS);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0)
  endWithUsage(USAGE, `${short ? 'not with --short' : 'unknown'}: ${unknown.join(', ')}`);
const kills = wholeNumber(values.kills);
if (values.kills !== undefined && !kills) endWithUsage(USAGE, '--kills must be a whole number');
const chosen = new Set(names.length > 0 ? names : known);

const stops: Stops = [];
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));

/** Stops everything that was started in reverse order, even when a stop fails. */
async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop().catch((error: unknown) => console.error(error));
}

function tell({ fault, tally, recoverySeconds }: FaultRun): void {
  const { requests, refused, cut, hung } = tally;
  console.log(
    `${fault.name}: ${requests} requests, ${refused} refused, ${cut} cut, ${hung.length} hung, recovered in ${recoverySeconds.toFixed(1)} s`,
  );
  for (const note of summed(tally.notes)) console.log(`  ${note}`);
}

let starting: Promise<unknown> = Promise.resolve();

interface Scene<S extends Stage> {
  start: (stops: Stops, onCrash: OnCrash) => Promise<S>;
  faults: readonly Fault<S>[];
  crew: readonly MakeClient[];
}

/** Runs the chosen faults in order on one stage. Returns the results, including those of an incomplete run. */
async function play<S extends Stage>({ start, faults, crew }: Scene<S>): Promise<FaultRun[]> {
  const own = faults.filter(({ name }) => chosen.has(name));
  if (own.length === 0) return [];
  let tally: Tally | undefined;
  const beginning = start(stops, (url) => tally?.crashed.push(`${url} exited unexpectedly`));
  starting = beginning;
  const stage = await beginning;
  const runs: FaultRun[] = [];
  for (const fault of own) {
    console.log(`${fault.name}: ${fault.what}`);
    const counted = newTally();
    tally = counted;
    const done = await runFault(stage, fault, counted, interruption.signal, { kills, short, crew }).catch(
      (error: unknown) => brokenOff(fault, counted, error),
    );
    tell(done);
    runs.push(done);
    for (const server of stage.servers) await server.revive();
  }
  console.log('waiting for the last messages');
  for (const done of runs) await done.finish();
  await stopAll();
  return runs;
}

/** Runs the chosen faults. Writes the results of each stage on which every fault was run. */
async function run(): Promise<FaultRun[]> {
  await rm(RESULTS, { recursive: true, force: true });
  await mkdir(RESULTS, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const single = await play({ start: startSingleStage, faults: SINGLE_FAULTS, crew: CREW });
  const cluster = await play({
    start: (...given) => startClusterStage({ isShort: short }, ...given),
    faults: CLUSTER_FAULTS,
    crew: PROBED_CREW,
  });
  const runs = [...single, ...cluster];
  await writeJson(runs, date);
  if (short) return runs;
  await writeFaults(FAULTS);
  // partial results must not replace the whole table
  if (single.length === SINGLE_FAULTS.length) await writeResults(single, date);
  if (cluster.length === CLUSTER_FAULTS.length) await writeClusterResults(cluster, date);
  return runs;
}

const stopped = new Promise<never>((_resolve, reject) => {
  interruption.signal.onabort = () => reject(interruption.signal.reason);
});
try {
  const runs = await Promise.race([run(), stopped]);
  console.table(runs.map(rowOf));
  for (const one of runs) for (const finding of findings(one)) console.log(`${one.fault.name}: ${finding}`);
  process.exitCode = runs.every(passed) ? 0 : 1;
} catch (error) {
  console.error(interruption.signal.aborted ? (error as Error).message : error);
  process.exitCode = 1;
} finally {
  // an interruption may come during a start
  await starting.catch(() => {});
  await stopAll();
}
// clients of an interrupted run would continue to send requests
process.exit();
