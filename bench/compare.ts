import { type Measured, measure, median } from './load.ts';
import type { Figures, ScenarioResult } from './results.ts';
import { CONNECTIONS, type Scenario } from './scenario.ts';
import { memoryOf } from './services/memory.ts';
import type { Target } from './target.ts';

interface CompareOptions {
  rounds: number;
  seconds: number;
  progress: (line: string) => void;
}

const REFERENCE = 'reference';
/** Requests during which statements are counted: as many at once as in the timed runs. */
const COUNTED = 2000;

async function run(scenario: Scenario, target: Target, seconds: number): Promise<Measured> {
  const load = await scenario.prepare(target, seconds);
  return measure({ url: target.url, connections: scenario.connections ?? CONNECTIONS, ...load });
}

/** The database's statements for one request, while as many come at once as in the timed runs. */
async function statementsOf(scenario: Scenario, target: Target): Promise<number | undefined> {
  if (!target.countStatements) return undefined;
  const connections = scenario.connections ?? CONNECTIONS;
  const { steps, until } = await scenario.prepare(target, 1);
  const sequences = 'sequences' in until ? Math.min(until.sequences, COUNTED) : connections * 8;
  const counted = await target.countStatements(async () => {
    await measure({ url: target.url, connections, steps, until: { sequences } });
  });
  return counted / sequences;
}

/** One scenario at every server in turn, round after round; ratios are of runs of the same round. */
export async function compare(
  scenario: Scenario,
  targets: readonly Target[],
  { rounds, seconds, progress }: CompareOptions,
): Promise<ScenarioResult> {
  const runs = targets.map((target) => ({ target, measured: [] as Measured[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, measured } of runs) {
      const one = await run(scenario, target, seconds);
      measured.push(one);
      const speed = Math.round(one.requestsPerSecond).toLocaleString('en');
      progress(
        `${scenario.name}, round ${round + 1}, ${target.name}: ${speed} a second, ${one.errors} errors`,
      );
    }
  }
  const reference = runs.find(({ target }) => target.name === REFERENCE)?.measured ?? [];
  const servers: Record<string, Figures> = {};
  for (const { target, measured } of runs) {
    const statements = await statementsOf(scenario, target);
    const ratios = measured.map(
      ({ requestsPerSecond }, round) =>
        requestsPerSecond / (reference[round]?.requestsPerSecond ?? Number.NaN),
    );
    servers[target.name] = {
      requestsPerSecond: median(measured.map(({ requestsPerSecond }) => requestsPerSecond)),
      p50: median(measured.map(({ p50 }) => p50)),
      p99: median(measured.map(({ p99 }) => p99)),
      errors: measured.reduce((sum, { errors }) => sum + errors, 0),
      memory: await memoryOf(target.pid),
      ...(statements === undefined ? {} : { statements }),
      ...(target.name === REFERENCE ? {} : { ratio: median(ratios) }),
    };
  }
  const { name, atLeast, atLeastWithRedis } = scenario;
  return {
    name,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atLeastWithRedis === undefined ? {} : { atLeastWithRedis }),
    servers,
  };
}
