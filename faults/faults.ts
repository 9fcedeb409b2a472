import { FAULTS } from './all.ts';
import { findings, passed, rowOf, summed, writeJson, writePage } from './report.ts';
import { brokenOff, type FaultRun, runFault } from './run-fault.ts';
import { startStage } from './stage/stage.ts';
import { newTally, type Tally } from './tally.ts';

const names = process.argv.slice(2);
if (names.includes('--help')) {
  console.log(
    `npm run faults -- [FAULT …]\n\nAll of them unless told: ${FAULTS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(0);
}
const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}. There are: ${FAULTS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
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
    const done = await runFault(stage, fault, own, interruption.signal).catch((error: unknown) =>
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
