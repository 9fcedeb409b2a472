import { randomInt } from 'node:crypto';
import { makeAccounts, mobileOf } from './accounts.ts';
import { readCommandLine } from './command-line.ts';
import { type Measured, measure, median } from './load.ts';
import { measureOperatorSearches, type OperatorSearch } from './operator-search.ts';
import { keepTrack, runCommand, stopNow } from './running.ts';
import { type Postgres, startPostgres } from './services/postgres.ts';
import { startPratu } from './services/pratu.ts';

/** The demonstration's partner. */
const PARTNER = {
  'X-Client-Identifier': '2171',
  'X-Client-Secret': '17e2236b665fadebe3c8d9515a0a6b19',
};
const SIZES = [10_000, 1_000_000] as const;
const CONNECTIONS = 16;
/** Limits that no run can reach. */
const SETTINGS = 'partners:\n  searchesPerMinute: 100000000\n  searchesPerDay: 100000000\n';

export interface SearchResult {
  accounts: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  errors: number;
}

export interface SearchOptions {
  rounds: number;
  seconds: number;
  progress: (line: string) => void;
}

/** Returns a load of a partner's searches among `accounts` accounts. */
const searching = (accounts: number) => ({
  request: () => ({
    path: '/accounts',
    headers: { ...PARTNER, 'X-Account-Identifier': mobileOf(randomInt(accounts)) },
  }),
});

/**
 * Measures how much slower a partner's search becomes as the table grows. Runs alternate between two servers on one
 * PostgreSQL, with 10,000 and 1,000,000 accounts. Figures are medians of the rounds.
 */
export async function compareSearch(postgres: Postgres, options: SearchOptions): Promise<SearchResult[]> {
  const { rounds, seconds, progress } = options;
  const sides = [];
  try {
    for (const accounts of SIZES) {
      const databaseUrl = await postgres.create(`accounts_${accounts}`);
      const server = await keepTrack(startPratu({ databaseUrl, settings: SETTINGS }));
      sides.push({ accounts, server, runs: [] as Measured[] });
      progress(`making ${accounts.toLocaleString('en')} accounts`);
      await makeAccounts(databaseUrl, accounts);
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (const { accounts, server, runs } of sides) {
        const load = { url: server.url, connections: CONNECTIONS, until: { seconds } };
        const run = await measure({ ...load, steps: [searching(accounts)] });
        // the first round fills caches
        if (round > 0) runs.push(run);
        const speed = Math.round(run.requestsPerSecond).toLocaleString('en');
        progress(`round ${round}: search among ${accounts.toLocaleString('en')} accounts, ${speed} a second`);
      }
    }
  } finally {
    for (const { server } of sides) await stopNow(server);
  }
  return sides.map(({ accounts, runs }) => ({
    accounts,
    requestsPerSecond: median(runs.map((run) => run.requestsPerSecond)),
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
  }));
}

/** Measures the searches of operators among a million accounts. */
export async function operatorSearches(
  postgres: Postgres,
  progress: (line: string) => void,
): Promise<OperatorSearch[]> {
  const accounts = SIZES[1];
  const databaseUrl = await postgres.create('operator_searches');
  const server = await keepTrack(startPratu({ databaseUrl }));
  try {
    progress(`making ${accounts.toLocaleString('en')} accounts`);
    await makeAccounts(databaseUrl, accounts);
    return await measureOperatorSearches(server.url, accounts);
  } finally {
    await stopNow(server);
  }
}

/** Returns how many times as long a search takes in the larger table. */
export const growth = ([small, large]: readonly SearchResult[]): number =>
  (small?.requestsPerSecond ?? 0) / (large?.requestsPerSecond ?? 0);

const USAGE = `npm run bench:search

A partner's search among 10,000 and among 1,000,000 accounts, in alternating runs; then the searches of operators.`;

if (import.meta.main) {
  readCommandLine({ usage: USAGE });
  await runCommand(async () => {
    const postgres = await keepTrack(startPostgres());
    const results = await compareSearch(postgres, { rounds: 5, seconds: 5, progress: console.log });
    console.table(results);
    console.table(await operatorSearches(postgres, console.log));
    console.log(
      `a search takes ${growth(results).toFixed(2)} times as long among a hundred times as many accounts`,
    );
  });
}
