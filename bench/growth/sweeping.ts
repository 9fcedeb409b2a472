import pg from 'pg';
import { sweeper } from '../../src/domain/sweeping/sweep.ts';
import { median } from '../load.ts';
import { withDatabase } from './opened.ts';
import { type Filled, refreshes, run } from './traffic.ts';

/** Refreshes per second while rows are swept. */
const RATE = 40;

export interface SweepResult {
  /** Rows per second, on an idle server and during refreshes. */
  alone: number;
  underLoad: number;
  /** Milliseconds of a refresh, without and during the sweep: medians of the rounds. */
  p99Without: number;
  p99During: number;
  /** The median of the rounds' ratios. */
  ratio: number;
  errors: number;
}

export interface SweepOptions {
  rounds: number;
  seconds: number;
  /** The number of expired rows in each round. */
  expired: number;
  progress: (line: string) => void;
}

/** Inserts expired access tokens of the usual shape. They are written one after another, as in a real deployment. */
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

/** Sweeps like the server until no expired rows are left or the seconds have passed. Returns the rows per second. */
const sweepFor = (databaseUrl: string, seconds: number): Promise<number> =>
  withDatabase(databaseUrl, async ({ knex }, { jobs: { sweepBatch: size, auditDays } }) => {
    const started = performance.now();
    const removed = await sweeper({ db: knex, size, auditDays })(AbortSignal.timeout(seconds * 1000));
    return ((removed.records ?? 0) * 1000) / (performance.now() - started);
  });

/** Measures how fast expired rows are removed, and the effect on refreshes at a steady rate, in alternating runs. */
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
