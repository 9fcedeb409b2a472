import pg from 'pg';
import { sweeper } from '../../src/domain/sweeping/sweep.ts';
import { median } from '../load.ts';
import { withDatabase } from './opened.ts';
import { type Filled, refreshes, run } from './traffic.ts';

/** Refreshes a second while rows are swept. */
const RATE = 40;

export interface SweepResult {
  /** Rows a second: nothing else happens, and among refreshes. */
  alone: number;
  underLoad: number;
  /** Milliseconds of a refresh, without and during the sweep: medians of the rounds. */
  p99Without: number;
  p99During: number;
  /** Median of the rounds' ratios. */
  ratio: number;
  errors: number;
}

export interface SweepOptions {
  rounds: number;
  seconds: number;
  /** Expired rows of each round. */
  expired: number;
  progress: (line: string) => void;
}

/** Access tokens that have expired: of the same shape, written one after another, as they are in time. */
const EXPIRED = `
  insert into records (id, kind, payload, grant_id, account_id, generation, client_id, session_uid, expires_at)
  select gen_random_uuid(), r.kind, r.payload, r.grant_id, r.account_id, 1, r.client_id, r.session_uid,
    now() - interval '1 second' - random() * interval '1 minute'
  from (select * from records where kind = 'AccessToken' and expires_at > now() limit $1) r,
    generate_series(1, $2) limit $1`;

async function makeExpired(databaseUrl: string, rows: number, accounts: number): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(EXPIRED, [rows, Math.ceil(rows / accounts)]);
  await client.query('checkpoint');
  await client.end();
}

/** Sweeps as the server does, until nothing is left or so many seconds are over; rows a second. */
const sweepFor = (databaseUrl: string, seconds: number): Promise<number> =>
  withDatabase(databaseUrl, async ({ knex }, { jobs: { sweepBatch: size, auditDays } }) => {
    const started = performance.now();
    const removed = await sweeper({ db: knex, size, auditDays })(AbortSignal.timeout(seconds * 1000));
    return ((removed.records ?? 0) * 1000) / (performance.now() - started);
  });

/** How fast expired rows are removed, and what refreshes at a steady rate notice of it, in alternating runs. */
export async function measureSweep(
  filled: Filled,
  databaseUrl: string,
  { rounds, seconds, expired, progress }: SweepOptions,
): Promise<SweepResult> {
  const { url } = filled.target;
  const traffic = [refreshes(filled, RATE)];
  const refreshing = async () => (await run(url, traffic, seconds))[0];
  await makeExpired(databaseUrl, expired, filled.accounts);
  const alone = await sweepFor(databaseUrl, seconds);
  const runs = [];
  for (let round = 1; round <= rounds; round += 1) {
    await makeExpired(databaseUrl, expired, filled.accounts);
    const without = await refreshing();
    const [underLoad, during] = await Promise.all([sweepFor(databaseUrl, seconds), refreshing()]);
    if (!without || !during) throw new Error('nothing was measured');
    runs.push({ underLoad, without, during, ratio: during.p99 / Math.max(1, without.p99) });
    progress(
      `sweep, round ${round}: ${Math.round(underLoad)} rows a second; refresh p99 ${without.p99} ms without, ${during.p99} ms during`,
    );
  }
  return {
    alone,
    underLoad: median(runs.map((one) => one.underLoad)),
    p99Without: median(runs.map(({ without }) => without.p99)),
    p99During: median(runs.map(({ during }) => during.p99)),
    ratio: median(runs.map(({ ratio }) => ratio)),
    errors: runs.reduce((sum, { without, during }) => sum + without.errors + during.errors, 0),
  };
}
