import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';
import { measure, median } from './load.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand, stopNow } from './running.ts';
import { CONNECTIONS } from './scenario.ts';
import { refresh } from './scenarios/refresh.ts';
import { startPostgres } from './services/postgres.ts';
import { startPratuTarget } from './services/pratu-target.ts';

const USAGE = `npm run bench:memory -- [--rounds 5] [--seconds 15]

Resident memory of the server with and without src/lib/release-heap.ts, in alternating runs on PostgreSQL: idle after the
start, right after a load of refreshes, and half a minute later. Then its parts with it, in MiB (Linux only).`;

/** The parts of the resident memory of a process, in MiB. */
export interface MemoryParts {
  resident: number;
  /** Node's program and libraries, which the processes of one machine share. */
  programs: number;
  /** JavaScript objects. */
  heap: number;
  /** Machine code and bytecode, which are part of the heap. */
  code: number;
  /** The memory that JavaScript holds outside of the heap: source texts and buffers. */
  external: number;
  /** The rest: stacks, and the memory of C++ and the allocator. */
  native: number;
}

const PARTS = ['resident', 'programs', 'heap', 'code', 'external', 'native'] as const;
const IDLE_MS = 5000;
const LATER_MS = 30_000;
const KEEP_HEAP = fileURLToPath(new URL('./services/keep-heap.js', import.meta.url));
const TELL_MEMORY = fileURLToPath(new URL('./services/tell-memory.js', import.meta.url));
const PRELOADED = { NODE_OPTIONS: `--import ${KEEP_HEAP} --import ${TELL_MEMORY}` };
const SIDES = { with: PRELOADED, without: { ...PRELOADED, KEEP_HEAP: '1' } };

type Side = keyof typeof SIDES;

const MOMENTS = ['idle', 'loaded', 'later'] as const;
type Moments<T> = Record<(typeof MOMENTS)[number], T>;

/** Requests the parts from the process by a signal. */
async function partsOf(pid: number, file: string): Promise<MemoryParts> {
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await pause(10);
  await pause(100);
  return JSON.parse(await readFile(file, 'utf8')) as MemoryParts;
}

async function measureMemory(
  side: Side,
  databaseUrl: string,
  { seconds, file }: { seconds: number; file: string },
): Promise<Moments<MemoryParts>> {
  const env = { ...SIDES[side], MEMORY_FILE: file };
  const target = await keepTrack(startPratuTarget({ name: side, databaseUrl, env }));
  const memory = (): Promise<MemoryParts> => partsOf(target.pid, file);
  await pause(IDLE_MS);
  const idle = await memory();
  const load = await refresh.prepare(target, seconds);
  await measure({ url: target.url, connections: CONNECTIONS, ...load });
  const loaded = await memory();
  await pause(LATER_MS);
  const later = await memory();
  await stopNow(target);
  return { idle, loaded, later };
}

async function compareMemory(rounds: number, seconds: number): Promise<void> {
  const postgres = await keepTrack(startPostgres());
  const folder = await mkdtemp(join(tmpdir(), 'pratu-bench-memory-'));
  await keepTrack({ stop: () => rm(folder, { recursive: true, force: true }) });
  const file = join(folder, 'memory.json');
  const runs: Record<Side, Moments<MemoryParts>[]> = { with: [], without: [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of ['with', 'without'] as const) {
      const parts = await measureMemory(side, await postgres.create(`${side}_${round}`), { seconds, file });
      runs[side].push(parts);
      const told = MOMENTS.map((moment) => `${moment} ${parts[moment].resident} MiB`);
      console.log(`round ${round}, ${side}: ${told.join(', ')}`);
    }
  }
  const medianOf = (side: Side, moment: (typeof MOMENTS)[number], part: keyof MemoryParts): number =>
    median(runs[side].map((parts) => parts[moment][part]));
  const residentOf = (side: Side) =>
    Object.fromEntries(MOMENTS.map((moment) => [moment, medianOf(side, moment, 'resident')]));
  console.table({ with: residentOf('with'), without: residentOf('without') });
  const partsAt = (moment: (typeof MOMENTS)[number]) =>
    Object.fromEntries(PARTS.map((part) => [part, medianOf('with', moment, part)]));
  console.table(Object.fromEntries(MOMENTS.map((moment) => [moment, partsAt(moment)])));
  console.log(machine());
}

const { values } = readCommandLine({
  usage: USAGE,
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '15' } },
});
const [rounds, seconds] = [wholeNumber(values.rounds), wholeNumber(values.seconds)];
if (!rounds || !seconds) endWithUsage(USAGE, 'ROUNDS and SECONDS must be whole numbers');
await runCommand(() => compareMemory(rounds, seconds));
