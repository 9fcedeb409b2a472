import { endWithUsage, readCommandLine, wholeNumber } from '../bench/command-line.ts';
import { FAULTS } from './all.ts';
import { findings, passed, rowOf, summed, writeJson, writePage } from './report.ts';
import { brokenOff, type FaultRun, runFault } from './run-fault.ts';
import { startStage } from './stage/stage.ts';
import { newTally, type Tally } from './tally.ts';

const NAMES = FAULTS.map(({ name }) => name);
const USAGE = `npm run faults -- [FAULT …] [--kills 100]

Causes faults under load, and compares what was acknowledged with what is so. All of them by default:
${NAMES.join(', ')}

--kills     server-kill kills so many times, in place of a minute`;

const { positionals: names, values } = readCommandLine({
  usage: USAGE,
  options: { kills: { type: 'string' } },
  operands: { least: 0, most: FAULTS.length },
});
const unknown = names.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) endWithUsage(USAGE, `unknown: ${unknown.join(', ')}`);
const kills = wholeNumber(values.kills);
if (values.kills !== undefined && !kills) endWithUsage(USAGE, '--kills must be a whole number');
const chosen = names.length > 0 ? FAULTS.filter(({ name }) => names.includes(name)) : FAULTS;

const stops: (() => Promise<unknown>)[] = [];
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));

/** Stops what was started, the last first, whatever becomes of the rest. */
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

/** Runs the faults one after the other on one stage; what they did, as far as it got. */
async function run(): Promise<FaultRun[]> {
  let tally: Tally | undefined;
  console.log('starting PostgreSQL, Redis, an SMS gateway and two servers');
  const beginning = startStage(stops, (url) => tally?.crashed.push(`${url} exited unexpectedly`));
  starting = beginning;
  const stage = await beginning;
  const runs: FaultRun[] = [];
  for (const fault of chosen) {
    console.log(`${fault.name}: ${fault.what}`);
    const own = newTally();
    tally = own;
    const done = await runFault(stage, fault, own, interruption.signal, { kills }).catch((error: unknown) =>
      brokenOff(fault, own, error),
    );
    tell(done);
    runs.push(done);
    for (const server of stage.servers) await server.revive();
  }
  console.log('waiting for the last messages');
  for (const done of runs) await done.finish();
  return runs;
}

const stopped = new Promise<never>((_resolve, reject) => {
  interruption.signal.onabort = () => reject(interruption.signal.reason);
});
try {
  const runs = await Promise.race([run(), stopped]);
  console.table(runs.map(rowOf));
  for (const one of runs) for (const finding of findings(one)) console.log(`${one.fault.name}: ${finding}`);
  const date = new Date().toISOString().slice(0, 10);
  await writeJson(runs, date);
  // a part of the table would take the place of the whole
  if (chosen.length === FAULTS.length) await writePage(runs, FAULTS, date);
  process.exitCode = runs.every(passed) ? 0 : 1;
} catch (error) {
  console.error(interruption.signal.aborted ? (error as Error).message : error);
  process.exitCode = 1;
} finally {
  // an interruption may come while there is still more to be started
  await starting.catch(() => {});
  await stopAll();
}
// clients of a run that was interrupted would go on asking
process.exit();
