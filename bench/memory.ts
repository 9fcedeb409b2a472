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
import { usageOf } from './services/usage.ts';

const USAGE = `npm run bench:memory -- [--rounds 5] [--seconds 15]

Resident memory of the server with and without src/lib/release-heap.ts, in alternating runs on PostgreSQL: idle after the
start, right after a load of refreshes, and half a minute later.`;

const IDLE_MS = 5000;
const LATER_MS = 30_000;
const KEEP_HEAP = fileURLToPath(new URL('./services/keep-heap.ts', import.meta.url));
const PRELOADED = { NODE_OPTIONS: `--import ${KEEP_HEAP}` };
const SIDES = { with: PRELOADED, without: { ...PRELOADED, KEEP_HEAP: '1' } };

type Side = keyof typeof SIDES;

/** MiB. */
interface Resident {
  idle: number;
  loaded: number;
  later: number;
}

async function residentOf(side: Side, databaseUrl: string, seconds: number): Promise<Resident> {
  const target = await keepTrack(startPratuTarget({ name: side, databaseUrl, env: SIDES[side] }));
  const memory = async (): Promise<number> => (await usageOf(target.pid)).memory;
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
  const runs: Record<Side, Resident[]> = { with: [], without: [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of ['with', 'without'] as const) {
      const resident = await residentOf(side, await postgres.create(`${side}_${round}`), seconds);
      runs[side].push(resident);
      console.log(`round ${round}, ${side}: ${JSON.stringify(resident)}`);
    }
  }
  const medianOf = (side: Side): Resident => ({
    idle: median(runs[side].map(({ idle }) => idle)),
    loaded: median(runs[side].map(({ loaded }) => loaded)),
    later: median(runs[side].map(({ later }) => later)),
  });
  console.table({ with: medianOf('with'), without: medianOf('without') });
  console.log(machine());
}

const { values } = readCommandLine({
  usage: USAGE,
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '15' } },
});
const [rounds, seconds] = [wholeNumber(values.rounds), wholeNumber(values.seconds)];
if (!rounds || !seconds) endWithUsage(USAGE, 'ROUNDS and SECONDS must be whole numbers');
await runCommand(() => compareMemory(rounds, seconds));
