import { randomBytes } from 'node:crypto';
import { endWithUsage, readCommandLine, wholeNumber } from './command-line.ts';
import { hottest, trafficFigures } from './growth/compare.ts';
import { LOGGING, type StatementUse, statementsUsed } from './growth/hot-statements.ts';
import { measurePartitions } from './growth/partitions.ts';
import { growthLines, writeReport } from './growth/report.ts';
import type { GrowthResults, SideResult } from './growth/results.ts';
import { prepareSide, type Side, startTimes } from './growth/side.ts';
import { sizesOf } from './growth/sizes.ts';
import { measureSweep } from './growth/sweeping.ts';
import { mixture, run, type TrafficResult } from './growth/traffic.ts';
import { machine } from './machine.ts';
import { keepTrack, runCommand, stopNow } from './running.ts';
import { startPostgres } from './services/postgres.ts';
import { stopCounting } from './services/statements.ts';

const DEFAULT_ACCOUNTS = 1_000_000;
const FEW = 100;
/** The maximum number of expired rows per sweep round, and of rows in the partitioned copies. */
const MOST_EXPIRED = 100_000;
const MOST_COPIED = 300_000;
/** The time before the measured rounds, for new code and empty caches. */
const WARM_UP_SECONDS = 5;

const USAGE = `npm run bench:growth -- [--accounts ${DEFAULT_ACCOUNTS}] [--rounds 3] [--seconds 20] [--write]

Compares a deployment with so many accounts with one of a hundredth of them, each account with a grant, a refresh token, an access token
and a session: statements, sizes, the sweep, migrations, starts; and \`records\` partitioned by expiry. A run with ${DEFAULT_ACCOUNTS.toLocaleString('en')} accounts
writes its results to bench/results and docs/GROWTH.md. It needs 10 GB on the disk.

--accounts  of the larger deployment, at least ${FEW}
--rounds    alternating runs of each
--seconds   length of a run
--write     writes the results of a smaller run, too`;

const { values } = readCommandLine({
  usage: USAGE,
  options: {
    accounts: { type: 'string', default: String(DEFAULT_ACCOUNTS) },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    write: { type: 'boolean', default: false },
  },
});
const [accounts, rounds, seconds] = [values.accounts, values.rounds, values.seconds].map(wholeNumber);
if (!accounts || !rounds || !seconds)
  endWithUsage(USAGE, 'ACCOUNTS, ROUNDS and SECONDS must be whole numbers');
if (accounts < FEW) endWithUsage(USAGE, `ACCOUNTS must be at least ${FEW}`);

const begun = performance.now();
const progress = (line: string): void =>
  console.log(`${String(Math.round((performance.now() - begun) / 1000)).padStart(5)} s  ${line}`);

interface Rounds {
  statements: StatementUse[][];
  traffic: TrafficResult[][];
}

/** Measures the mixture at both sides in turn, in several rounds. */
async function measureTraffic(sides: readonly Side[], length: { rounds: number; seconds: number }) {
  const loads = sides.map((side) => ({ side, traffic: mixture(side) }));
  const results = sides.map((): Rounds => ({ statements: [], traffic: [] }));
  for (const { side, traffic } of loads)
    await run(side.target.url, traffic, Math.min(WARM_UP_SECONDS, length.seconds));
  for (let round = 1; round <= length.rounds; round += 1) {
    for (const [place, { side, traffic }] of loads.entries()) {
      const used = await statementsUsed(side.databaseUrl, async () => {
        results[place]?.traffic.push(await run(side.target.url, traffic, length.seconds));
      });
      results[place]?.statements.push(used);
      progress(`round ${round}, ${side.accounts.toLocaleString('en')} accounts: ${used.length} statements`);
    }
  }
  return results as [Rounds, Rounds];
}

async function measureAll(length: { rounds: number; seconds: number }, many: number): Promise<GrowthResults> {
  const postgres = await keepTrack(startPostgres(undefined, LOGGING));
  await stopCounting(await postgres.create('unused'));
  const secretKey = randomBytes(32).toString('base64');
  const sides: Side[] = [];
  for (const size of [Math.max(FEW, Math.round(many / 100)), many])
    sides.push(await prepareSide(postgres, { accounts: size, secretKey, progress }));
  const { databaseUrl } = sides[1] as Side;
  const { tables } = await sizesOf(databaseUrl, many / 2);

  const [ofFew, ofMany] = await measureTraffic(sides, length);
  const results: SideResult[] = [];
  for (const side of sides) {
    const expired = Math.min(many, MOST_EXPIRED);
    const sweep = await measureSweep(side, side.databaseUrl, { ...length, expired, progress });
    const { accounts: size, databaseBytes, upgrade } = side;
    results.push({ accounts: size, databaseBytes, upgrade, startMs: 0, sweep });
  }
  for (const { target } of sides) await stopNow(target);
  const starts = await startTimes(sides, length.rounds, progress);
  const [fewResult, manyResult] = results.map((one, place) => ({ ...one, startMs: starts[place] ?? 0 }));
  return {
    at: new Date().toISOString(),
    machine: machine(),
    ...length,
    few: fewResult as SideResult,
    many: manyResult as SideResult,
    statements: hottest(ofFew.statements, ofMany.statements),
    traffic: trafficFigures(ofFew.traffic, ofMany.traffic),
    tables,
    partitions: await measurePartitions(databaseUrl, MOST_COPIED, progress),
  };
}

await runCommand(async () => {
  const results = await measureAll({ rounds, seconds }, accounts);
  console.log(`\n${growthLines(results).join('\n')}`);
  if (values.write || accounts === DEFAULT_ACCOUNTS) await writeReport(results);
});
