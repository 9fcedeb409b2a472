import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';
import { median } from './load.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand, stopNow } from './running.ts';
import { startPostgres } from './services/postgres.ts';
import { type PratuOptions, startPratu } from './services/pratu.ts';

const TIMES = 7;
const IDLE_MS = 10_000;
const BYTES_PER_MB = 1024 * 1024;

/** Returns the resident memory of a process, in bytes. */
const residentOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;

const show = (what: string, values: readonly number[], unit: string): void => {
  const least = Math.min(...values);
  console.log(`${what}: median ${median(values)} ${unit}, least ${least} ${unit} (of ${values.length})`);
};

/**
 * Starts the server `times` times, one after another. Measures the milliseconds until it is ready, and its idle memory.
 */
async function measure(what: string, times: number, options: () => PratuOptions): Promise<void> {
  const starts: number[] = [];
  const resident: number[] = [];
  for (let time = 1; time <= times; time += 1) {
    const server = await keepTrack(startPratu(options()));
    // the measurement is of a server that receives no requests
    await pause(IDLE_MS);
    const mib = Math.round(residentOf(server.pid) / BYTES_PER_MB);
    await stopNow(server);
    starts.push(server.startMs);
    resident.push(mib);
    console.log(`${what}, ${time} of ${times}: ready after ${server.startMs} ms, ${mib} MiB when idle`);
  }
  show(`${what}, start to ready`, starts, 'ms');
  show(`${what}, resident when idle`, resident, 'MiB');
}

/** Starts the server repeatedly, and prints the time until it is ready and its memory. */
async function measureStarts(times: number): Promise<void> {
  const postgres = await keepTrack(startPostgres());
  const folder = await mkdtemp(join(tmpdir(), 'pratu-bench-start-'));
  await keepTrack({ stop: () => rm(folder, { recursive: true, force: true }) });
  const databaseUrl = await postgres.create('pratu');
  // created in advance: the measurement is of starts on existing tables
  await stopNow(await keepTrack(startPratu({ databaseUrl, dataDir: folder })));
  await measure('PostgreSQL', times, () => ({ databaseUrl, dataDir: folder }));
  await measure('PostgreSQL, from the source', times, () => ({
    databaseUrl,
    dataDir: folder,
    fromSource: true,
  }));
  await measure('embedded, first start', times, () => ({}));
  const embedded = join(folder, 'embedded');
  await stopNow(await keepTrack(startPratu({ dataDir: embedded })));
  await measure('embedded, later start', times, () => ({ dataDir: embedded }));
  console.log(machine());
}

const USAGE = `npm run bench:start -- [TIMES]

Starts the server so many times (${TIMES} by default) on PostgreSQL and embedded: milliseconds until /ready succeeds, and resident
memory when idle.`;

const { positionals } = readCommandLine({ usage: USAGE, operands: { least: 0, most: 1 } });
const times = wholeNumber(positionals[0] ?? String(TIMES));
if (!times) endWithUsage(USAGE, 'TIMES must be a whole number');
await runCommand(() => measureStarts(times));
