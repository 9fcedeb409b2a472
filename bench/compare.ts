import { type Measured, measure, median } from './load.ts';
import type { Figures, ScenarioResult } from './results.ts';
import { CONNECTIONS, type Scenario } from './scenario.ts';
import { usageOf } from './services/usage.ts';
import type { Target } from './target.ts';

interface CompareOptions {
  rounds: number;
  seconds: number;
  progress: (line: string) => void;
}

/**
 * The time before the measured runs. New code of a process is interpreted at first, which takes several times as long.
 */
const WARM_UP_SECONDS = 1;
const REFERENCE = 'reference';
/** The number of requests during which statements are counted, with the same concurrency as in the timed runs. */
const COUNTED = 2000;

interface Run extends Measured {
  /** The processor time of one request in the server and in its database, in ms. */
  cpu: number;
  databaseCpu: number;
}

const cpuOf = async (pid: number | undefined): Promise<number> => (pid ? (await usageOf(pid)).cpuMs : 0);

async function run(scenario: Scenario, target: Target, seconds: number): Promise<Run> {
  const load = await scenario.prepare(target, seconds);
  const connections = scenario.connections ?? CONNECTIONS;
  const before = [await cpuOf(target.pid), await cpuOf(target.databasePid)] as const;
  const measured = await measure({ url: target.url, connections, ...load });
  const after = [await cpuOf(target.pid), await cpuOf(target.databasePid)] as const;
  return {
    ...measured,
    cpu: (after[0] - before[0]) / measured.requests,
    databaseCpu: (after[1] - before[1]) / measured.requests,
  };
}

/** Counts the database statements of one request, with the same concurrency as in the timed runs. */
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

/** Measures one scenario at every server in turn, in several rounds. Ratios compare runs of the same round. */
export async function compare(
  scenario: Scenario,
  targets: readonly Target[],
  { rounds, seconds, progress }: CompareOptions,
): Promise<ScenarioResult> {
  const runs = targets.map((target) => ({ target, measured: [] as Run[] }));
  for (const target of targets) await run(scenario, target, Math.min(WARM_UP_SECONDS, seconds));
  for (let round = 0; round < rounds; round += 1) {
    for (const { target, measured } of runs) {
      const one = await run(scenario, target, seconds);
      measured.push(one);
      const speed = Math.round(one.requestsPerSecond).toLocaleString('en');
      const cpu = `${one.cpu.toFixed(2)} + ${one.databaseCpu.toFixed(2)} ms of processor time`;
      progress(
        `${scenario.name}, round ${round + 1}, ${target.name}: ${cpu}, ${speed} a second, ${one.errors} errors`,
      );
    }
  }
  const reference = runs.find(({ target }) => target.name === REFERENCE)?.measured ?? [];
  const servers: Record<string, Figures> = {};
  for (const { target, measured } of runs) {
    const statements = await statementsOf(scenario, target);
    const ratioOf = (figure: 'requestsPerSecond' | 'cpu'): number =>
      median(measured.map((one, round) => one[figure] / (reference[round]?.[figure] ?? Number.NaN)));
    servers[target.name] = {
      requestsPerSecond: median(measured.map(({ requestsPerSecond }) => requestsPerSecond)),
      p50: median(measured.map(({ p50 }) => p50)),
      p99: median(measured.map(({ p99 }) => p99)),
      errors: measured.reduce((sum, { errors }) => sum + errors, 0),
      cpu: median(measured.map(({ cpu }) => cpu)),
      ...(target.databasePid ? { databaseCpu: median(measured.map(({ databaseCpu }) => databaseCpu)) } : {}),
      memory: (await usageOf(target.pid)).memory,
      ...(statements === undefined ? {} : { statements }),
      ...(target.name === REFERENCE ? {} : { ratio: ratioOf('requestsPerSecond'), cpuRatio: ratioOf('cpu') }),
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
