import pg from 'pg';
import { median } from '../load.ts';
import { keepTrack, stopNow } from '../running.ts';
import type { Postgres } from '../services/postgres.ts';
import { startPratu } from '../services/pratu.ts';
import { startPratuTarget } from '../services/pratu-target.ts';
import { fill } from './fill.ts';
import { sizesOf } from './sizes.ts';
import { type Filled, refreshTokensOf } from './traffic.ts';
import { createOldest, type Upgrade, upgrade } from './upgrade.ts';

/**
 * The sweep runs only when it is measured. Statements have longer limits than in production, because a shared machine
 * should yield slow figures rather than refusals.
 */
const SETTINGS = `
jobs: { sweepMs: 86400000 }
database: { acquireTimeoutMs: 60000, statementTimeoutMs: 60000, lockTimeoutMs: 60000 }
`;

/** A deployment of one size, with its server running. */
export interface Side extends Filled {
  databaseUrl: string;
  databaseBytes: number;
  upgrade: Upgrade;
}

interface SideOptions {
  accounts: number;
  secretKey: string;
  progress: (line: string) => void;
}

/**
 * Rewrites the accounts. An upgrade changes each of them once, while tables in use have reused the space of old rows.
 */
async function compact(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query('vacuum (full, analyze) accounts');
  await client.end();
}

/** Fills a database of the oldest release, upgrades it, and starts a server on it. */
export async function prepareSide(postgres: Postgres, options: SideOptions): Promise<Side> {
  const { accounts, secretKey, progress } = options;
  const name = `accounts_${accounts}`;
  const databaseUrl = await postgres.create(name);
  await createOldest(databaseUrl);
  await fill(databaseUrl, accounts, progress);
  const upgraded = await upgrade(databaseUrl);
  await compact(databaseUrl);
  const { database: databaseBytes } = await sizesOf(databaseUrl, accounts);
  progress(`${name}: ${upgraded.migrations} migrations in ${upgraded.seconds.toFixed(1)} s`);
  const target = await keepTrack(startPratuTarget({ name, databaseUrl, secretKey, settings: SETTINGS }));
  const refreshTokens = refreshTokensOf(accounts);
  return { accounts, secretKey, target, refreshTokens, databaseUrl, databaseBytes, upgrade: upgraded };
}

/** Starts a server at each side in turn, `times` times. Returns the median of the milliseconds until it is ready. */
export async function startTimes(
  sides: readonly Side[],
  times: number,
  progress: (line: string) => void,
): Promise<number[]> {
  const starts = sides.map((): number[] => []);
  for (let time = 1; time <= times; time += 1) {
    for (const [place, { databaseUrl, secretKey, accounts }] of sides.entries()) {
      const server = await keepTrack(
        startPratu({ databaseUrl, env: { SECRET_KEY: secretKey }, settings: SETTINGS }),
      );
      await stopNow(server);
      starts[place]?.push(server.startMs);
      progress(
        `start ${time} on ${accounts.toLocaleString('en')} accounts: ready after ${server.startMs} ms`,
      );
    }
  }
  return starts.map(median);
}
