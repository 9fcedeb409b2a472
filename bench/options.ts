import { endWithUsage, readCommandLine } from './command-line.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { WAYS } from './targets.ts';

export interface BenchOptions {
  seconds: number;
  rounds: number;
  /** The ways to run the product. */
  servers: string[];
  /** True when everything is measured, so that the results are complete. */
  whole: boolean;
  wanted(name: string): boolean;
}

const USAGE = `npm run bench -- [--only SCENARIO] [--servers NAMES] [--seconds 4] [--rounds 3]

Compares the server with the bare library in alternating runs: requests a second, and the processor time (user and
system) of one request in the server's and in the database's processes. A whole run writes its results to bench/results, docs/PERFORMANCE.md
and docs/performance.svg.

--only      scenarios with this in their name, of: ${SCENARIOS.map(({ name }) => name).join('; ')};
            passwords; search
--servers   any of ${Object.keys(WAYS).join(', ')}; separated by commas
--seconds   length of a run
--rounds    runs of each server in each scenario`;

const OPTIONS = {
  only: { type: 'string' },
  servers: { type: 'string' },
  seconds: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '3' },
} as const;

/** Parses the command line. Ends the process when it is wrong or help is requested. */
export function readOptions(): BenchOptions {
  const { values } = readCommandLine({ usage: USAGE, options: OPTIONS });
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const servers = values.servers?.split(',').map((name) => name.trim()) ?? Object.keys(WAYS);
  const wanted = (name: string): boolean => name.includes(values.only ?? '');
  const isRight =
    seconds > 0 &&
    Number.isSafeInteger(rounds) &&
    rounds > 0 &&
    servers.every((name) => name in WAYS) &&
    [...SCENARIOS.map(({ name }) => name), 'passwords', 'search'].some(wanted);
  if (!isRight) endWithUsage(USAGE, 'no such server or scenario, or not a number');
  return {
    seconds,
    rounds,
    servers,
    whole: values.only === undefined && values.servers === undefined,
    wanted,
  };
}
