import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';
import { measure, median } from './load.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand } from './running.ts';
import { CONNECTIONS } from './scenario.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { startPostgres } from './services/postgres.ts';
import { startPratuTarget } from './services/pratu-target.ts';
import type { Target } from './target.ts';

const USAGE = `npm run bench:pools -- [--pools 8+6,6+4,4+4,4+2] [--rounds 3] [--seconds 3] [--only SCENARIO]

Compares sizes of the database pools (database.poolSize + database.recordPoolSize) on one PostgreSQL, in alternating runs:
requests a second relative to the first size, p99 in milliseconds, errors.`;

/** The scenarios that use both pools, and the busiest of each. */
const WANTED = [
  'client credentials, opaque',
  'refresh, rotating',
  'userinfo',
  'password grant',
  'sign-in by page',
];

interface Sized {
  pools: string;
  target: Target;
}

async function start(pools: readonly string[]): Promise<Sized[]> {
  const postgres = await keepTrack(startPostgres());
  const started: Sized[] = [];
  for (const [n, size] of pools.entries()) {
    const [statements, records] = size.split('+').map(wholeNumber);
    if (!statements || !records)
      endWithUsage(USAGE, `${size} must be two whole numbers with a + between them`);
    const settings = `database: { poolSize: ${statements}, recordPoolSize: ${records} }\n`;
    const databaseUrl = await postgres.create(`pools_${n}`);
    const target = await keepTrack(startPratuTarget({ name: size, databaseUrl, settings }));
    started.push({ pools: size, target });
  }
  return started;
}

async function comparePools(pools: string[], rounds: number, seconds: number, only: string): Promise<void> {
  const sized = await start(pools);
  for (const scenario of SCENARIOS.filter(({ name }) => WANTED.includes(name) && name.includes(only))) {
    const connections = scenario.connections ?? CONNECTIONS;
    const runs = sized.map(() => ({ speeds: [] as number[], p99: [] as number[], errors: 0 }));
    for (let round = 0; round < rounds; round += 1) {
      for (const [n, { target }] of sized.entries()) {
        const load = await scenario.prepare(target, seconds);
        const { requestsPerSecond, p99, errors } = await measure({ url: target.url, connections, ...load });
        const run = runs[n];
        if (!run) continue;
        run.speeds.push(requestsPerSecond);
        run.p99.push(p99);
        run.errors += errors;
      }
    }
    const first = runs[0]?.speeds ?? [];
    const ratio = (speeds: number[]): number =>
      median(speeds.map((speed, round) => speed / (first[round] ?? 0)));
    console.log(`\n${scenario.name}, ${connections} connections`);
    for (const [n, { speeds, p99, errors }] of runs.entries()) {
      const figures = `${ratio(speeds).toFixed(2)}   p99 ${Math.round(median(p99))} ms   errors ${errors}`;
      console.log(`  ${(sized[n]?.pools ?? '').padEnd(6)} ${figures}`);
    }
  }
  console.log(`\n${JSON.stringify(machine())}`);
}

const { values } = readCommandLine({
  usage: USAGE,
  options: {
    pools: { type: 'string', default: '8+6,6+4,4+4,4+2' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const [rounds, seconds] = [wholeNumber(values.rounds), wholeNumber(values.seconds)];
if (!rounds || !seconds) endWithUsage(USAGE, 'ROUNDS and SECONDS must be whole numbers');
await runCommand(() => comparePools(values.pools.split(','), rounds, seconds, values.only));
