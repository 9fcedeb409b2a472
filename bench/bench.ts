import { compare } from './compare.ts';
import { machine } from './machine.ts';
import { readOptions } from './options.ts';
import { measurePasswords } from './passwords.ts';
import { writeReport } from './report/report.ts';
import { resultLines } from './report/tables.ts';
import type { Results } from './results.ts';
import { keepTrack, runCommand, stopNow } from './running.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { compareSearch } from './search.ts';
import { startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import { stopCounting } from './services/statements.ts';
import { startTargets } from './targets.ts';

const { seconds, rounds, servers, whole, wanted } = readOptions();

const begun = performance.now();
function progress(line: string): void {
  const elapsed = Math.round((performance.now() - begun) / 1000);
  const clock = `${String(Math.floor(elapsed / 60)).padStart(3)}:${String(elapsed % 60).padStart(2, '0')}`;
  console.log(`${clock}  ${line}`);
}

async function measureAll(): Promise<Results> {
  const postgres = await keepTrack(startPostgres());
  await stopCounting(await postgres.create('unused'));
  const redis = await keepTrack(startRedis());

  const options = { rounds, seconds, progress };
  const results: Results = {
    at: new Date().toISOString(),
    machine: machine(),
    seconds,
    rounds,
    scenarios: [],
  };
  const targets = await startTargets(servers, { postgres, redis }, async (starting) => {
    const target = await keepTrack(starting);
    progress(`${target.name} is ready`);
    return target;
  });
  for (const scenario of SCENARIOS.filter(({ name }) => wanted(name)))
    results.scenarios.push(await compare(scenario, targets, options));
  const onPostgres = targets.find(({ name }) => name === 'PostgreSQL');
  if (onPostgres && wanted('passwords')) results.passwords = await measurePasswords(onPostgres, options);
  for (const target of targets.toReversed()) await stopNow(target);
  if (wanted('search')) results.search = await compareSearch(postgres, options);
  return results;
}

await runCommand(async () => {
  const results = await measureAll();
  console.log(`\n${resultLines(results).join('\n')}`);
  if (whole) await writeReport(results);
});
