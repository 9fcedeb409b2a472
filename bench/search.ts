import { randomInt } from 'node:crypto';
import { makeAccounts, mobileOf } from './accounts.ts';
import { type Measured, measure, median } from './load.ts';
import { startPostgres } from './services/postgres.ts';
import { startPratu } from './services/pratu.ts';

/** The demonstration's partner. */
const PARTNER = {
  'X-Client-Identifier': '2171',
  'X-Client-Secret': '17e2236b665fadebe3c8d9515a0a6b19',
};
const SIZES = [10_000, 1_000_000] as const;
const ROUNDS = 5;
const SECONDS = 5;
const CONNECTIONS = 16;
/** More than any run can use up. */
const SETTINGS = 'partners:\n  searchesPerMinute: 100000000\n  searchesPerDay: 100000000\n';

/**
 * How much slower a partner's search becomes when the table grows: alternating runs against two servers, one over 10,000
 * accounts and one over 1,000,000, on one PostgreSQL.
 */
async function compare(): Promise<void> {
  const postgres = await startPostgres();
  const sides = [];
  try {
    for (const accounts of SIZES) {
      const databaseUrl = await postgres.create(`accounts_${accounts}`);
      const server = await startPratu({ databaseUrl, settings: SETTINGS });
      sides.push({ accounts, server, runs: [] as Measured[] });
      console.log(`making ${accounts.toLocaleString('en')} accounts`);
      await makeAccounts(databaseUrl, accounts);
    }
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const { accounts, server, runs } of sides) {
        const run = await measure({
          url: server.url,
          connections: CONNECTIONS,
          seconds: SECONDS,
          request: () => ({
            path: '/accounts',
            headers: { ...PARTNER, 'X-Account-Identifier': mobileOf(randomInt(accounts)) },
          }),
        });
        // the first round fills caches
        if (round > 0) runs.push(run);
        console.log(
          `round ${round}: ${accounts.toLocaleString('en')} accounts, ${run.requestsPerSecond} a second`,
        );
      }
    }
  } finally {
    for (const { server } of sides) await server.stop();
    await postgres.stop();
  }

  const rows = sides.map(({ accounts, runs }) => ({
    accounts,
    'requests/s': median(runs.map(({ requestsPerSecond }) => requestsPerSecond)),
    'p50 ms': median(runs.map(({ p50 }) => p50)),
    'p99 ms': median(runs.map(({ p99 }) => p99)),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
  }));
  console.table(rows);
  const [small, large] = rows.map((row) => row['requests/s']) as [number, number];
  console.log(
    `a search takes ${(small / large).toFixed(2)} times as long among a hundred times as many accounts`,
  );
}

await compare();
