import pg from 'pg';
import { removalOf } from '../../src/domain/sweeping/sweep-store.ts';
import { READ } from '../../src/storage/record-sql.ts';
import { median } from '../load.ts';
import { type Plan, planOf, totalsOf, walBytes } from './plans.ts';

/** The number of days over which unexpired rows are spread: the lifetime of a refresh token. */
const DAYS = 30;
const LOOKUPS = 40;
const BATCHES = 20;
const BATCH = 500;

export interface LookupCost {
  partitions: number;
  /** The 8 KiB pages of one lookup by hash, and of one insert. */
  readBlocks: number;
  insertBlocks: number;
  /** Milliseconds to plan a lookup, and to execute it. */
  planMs: number;
  readMs: number;
}

export interface PartitionResult {
  /** The number of rows in each copy of `records`. */
  rows: number;
  lookups: LookupCost[];
  /** Bytes of write-ahead log per expired row, when swept in batches and when dropped with its partition. */
  sweepWal: number;
  dropWal: number;
  /** Rows per second, when swept without pauses and when dropped. */
  sweepRate: number;
  dropRate: number;
  /** The result of `on conflict (id)` in PostgreSQL, on which the single use of codes and proofs depends. */
  onConflict: string;
}

const COLUMNS = 'id, kind, payload, grant_id, account_id, generation, client_id, session_uid, created_at';

/**
 * Creates a copy whose rows expire from today on, spread over the days: in one table, or in partitions of equal length.
 */
async function copy(client: pg.Client, table: string, partitions: number, rows: number): Promise<void> {
  const by = partitions > 1 ? 'partition by range (expires_at)' : '';
  await client.query(`create table ${table} (like records including defaults) ${by}`);
  const days = DAYS / partitions;
  for (let place = 0; place < partitions && partitions > 1; place += 1)
    await client.query(`create table ${table}_${place} partition of ${table}
      for values from (current_date + interval '${place * days} days') to (current_date + interval '${(place + 1) * days} days')`);
  await client.query(`insert into ${table} (${COLUMNS}, expires_at)
    select ${COLUMNS}, current_date + interval '1 day' * ${DAYS} * (row_number() over () % ${rows}) / ${rows}
    from records where expires_at > now() limit ${rows}`);
  await client.query(`alter table ${table} add primary key (${partitions > 1 ? 'id, expires_at' : 'id'})`);
  for (const column of ['grant_id', 'account_id', 'client_id', 'expires_at'])
    await client.query(`create index on ${table} (${column})`);
  await client.query(`vacuum analyze ${table}`);
}

const readOf = (table: string): string => READ.replaceAll(/\brecords\b/g, table);

const insertOf = (table: string): string => `insert into ${table} (${COLUMNS}, expires_at)
  select gen_random_uuid(), ${COLUMNS.replace('id, ', '')}, expires_at from ${table} where id = $1`;

async function costOf(client: pg.Client, table: string, partitions: number): Promise<LookupCost> {
  const { rows } = await client.query<{ id: string }>(
    `select id from ${table} where kind <> 'Grant' order by random() limit ${LOOKUPS}`,
  );
  const reads: Plan[] = [];
  const inserts: Plan[] = [];
  for (const { id } of rows) {
    reads.push(await planOf(client, readOf(table), [[id]]));
    inserts.push(await planOf(client, insertOf(table), [id]));
  }
  return {
    partitions,
    ...totalsOf(reads),
    // without the lookup of the copied row
    insertBlocks: median(inserts.map(({ modifyBlocks }) => modifyBlocks)),
  };
}

/** Removes expired rows from an unpartitioned copy, like the sweep but without its pauses. */
async function sweepCost(client: pg.Client, table: string): Promise<{ wal: number; rate: number }> {
  await client.query(`update ${table} set expires_at = now() - interval '1 hour'
    where id in (select id from ${table} order by expires_at limit ${BATCH * BATCHES})`);
  await client.query(`vacuum analyze ${table}`);
  const removal = removalOf('records')
    .replaceAll(/\brecords\b/g, table)
    .replace(':size', String(BATCH));
  await client.query('checkpoint');
  const started = performance.now();
  let removed = 0;
  const wal = await walBytes(client, async () => {
    for (let batch = 0; batch < BATCHES; batch += 1) removed += (await client.query(removal)).rowCount ?? 0;
  });
  return { wal: wal / removed, rate: (removed * 1000) / (performance.now() - started) };
}

async function dropCost(client: pg.Client, table: string): Promise<{ wal: number; rate: number }> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  const count = Math.max(1, rows[0]?.count ?? 0);
  await client.query('checkpoint');
  const started = performance.now();
  const wal = await walBytes(client, () => client.query(`drop table ${table}`));
  return { wal: wal / count, rate: (count * 1000) / (performance.now() - started) };
}

/** Returns the error message of PostgreSQL, or `accepted`. */
const refusal = async (client: pg.Client, table: string): Promise<string> =>
  client
    .query(`${insertOf(table)} on conflict (id) do nothing`, ['00000000-0000-0000-0000-000000000000'])
    .then(
      () => 'accepted',
      (error: Error) => error.message,
    );

/** Measures lookups, inserts and the removal of expired rows, for `records` in one table and partitioned by expiry. */
export async function measurePartitions(
  databaseUrl: string,
  most: number,
  progress: (line: string) => void,
): Promise<PartitionResult> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const counted = await client.query<{ count: number }>('select count(*)::int as count from records');
    const rows = Math.min(most, counted.rows[0]?.count ?? 0);
    const lookups: LookupCost[] = [];
    for (const partitions of [1, 6, DAYS]) {
      await copy(client, `copy_${partitions}`, partitions, rows);
      lookups.push(await costOf(client, `copy_${partitions}`, partitions));
      progress(`records in ${partitions} partition(s): ${JSON.stringify(lookups.at(-1))}`);
    }
    const onConflict = await refusal(client, `copy_${DAYS}`);
    const swept = await sweepCost(client, 'copy_1');
    const dropped = await dropCost(client, `copy_${DAYS}_0`);
    const removal = {
      sweepWal: swept.wal,
      sweepRate: swept.rate,
      dropWal: dropped.wal,
      dropRate: dropped.rate,
    };
    return { rows, lookups, onConflict, ...removal };
  } finally {
    await client.end();
  }
}
