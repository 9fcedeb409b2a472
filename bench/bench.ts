import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { machine } from './machine.ts';
import { measurePasswords } from './passwords.ts';
import { writeReport } from './report/report.ts';
import { resultLines } from './report/tables.ts';
import type { Results } from './results.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { compareSearch } from './search.ts';
import { startPostgres } from './services/postgres.ts';
import { startPratuTarget } from './services/pratu-target.ts';
import { startRedis } from './services/redis.ts';
import { startReference } from './services/reference.ts';
import { stopCounting } from './services/statements.ts';
import type { Target } from './target.ts';

const USAGE = `npm run bench -- [--only NAME] [--seconds 4] [--rounds 3] [--no-write]

Compares the server with the bare library, in alternating runs. --only runs the scenarios whose name has this in it
(also "passwords" and "search"); --no-write leaves the results of the last whole run as they are.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
if (values.help || !(seconds > 0) || !(rounds > 0)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
const wanted = (name: string): boolean => name.includes(values.only);
const scenarios = SCENARIOS.filter(({ name }) => wanted(name));

const begun = performance.now();
const progress = (line: string): void => {
  const elapsed = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${String(Math.floor(elapsed / 60)).padStart(3)}:${String(elapsed % 60).padStart(2, '0')}  ${line}`,
  );
};

const stops: (() => Promise<void>)[] = [];
async function stopAll(): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}
process.once('SIGINT', () => void stopAll().then(() => process.exit(130)));

/** The bare library, and the product in every way to run it that is compared. */
async function startTargets(create: (name: string) => Promise<string>): Promise<Target[]> {
  const targets: Target[] = [];
  const add = async (starting: Promise<Target>): Promise<void> => {
    const target = await starting;
    stops.push(target.stop);
    targets.push(target);
    progress(`${target.name} is ready`);
  };
  const redis = await startRedis();
  stops.push(redis.stop);
  await add(startReference());
  await add(startPratuTarget({ name: 'embedded' }));
  await add(startPratuTarget({ name: 'PostgreSQL', databaseUrl: await create('one') }));
  const withRedis = { databaseUrl: await create('redis'), redisUrl: redis.url };
  await add(startPratuTarget({ name: 'PostgreSQL and Redis', ...withRedis }));
  await add(
    startPratuTarget({ name: 'PostgreSQL, two processes', databaseUrl: await create('two'), workers: 2 }),
  );
  return targets;
}

try {
  const postgres = await startPostgres();
  stops.push(postgres.stop);
  await stopCounting(await postgres.create('unused'));
  const results: Results = {
    at: new Date().toISOString(),
    machine: machine(),
    seconds,
    rounds,
    scenarios: [],
  };
  const options = { rounds, seconds, progress };

  const targets = await startTargets(postgres.create);
  for (const scenario of scenarios) results.scenarios.push(await compare(scenario, targets, options));
  const onPostgres = targets.find(({ name }) => name === 'PostgreSQL');
  if (onPostgres && wanted('passwords')) results.passwords = await measurePasswords(onPostgres, options);
  for (const target of targets) {
    await target.stop();
    stops.splice(stops.indexOf(target.stop), 1);
  }
  if (wanted('search')) results.search = await compareSearch(postgres, options);

  console.log(`\n${resultLines(results).join('\n')}`);
  if (!values['no-write'] && values.only === '') await writeReport(results);
} finally {
  await stopAll();
}
