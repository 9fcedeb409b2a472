import type { Db } from '../../db/database.ts';

/** What ends by itself: the table, its key, and the condition under which a row is of no more use. */
const SWEPT = [
  { table: 'records', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'sessions', key: 'uid', over: 'expires_at < pratu_now()' },
  { table: 'session_ids', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'counters', key: 'key', over: 'resets_at < pratu_now()' },
  { table: 'client_secrets', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'sign_in_origins', key: 'ctid', over: `last_at < pratu_now() - interval '90 days'` },
  { table: 'one_time_codes', key: 'id', over: `created_at < pratu_now() - interval '2 days'` },
  { table: 'mailed_secrets', key: 'id', over: `created_at < pratu_now() - interval '30 days'` },
  {
    // the key that a device came with is revoked, has expired, or died with what the account gave out
    table: 'devices',
    key: 'gcm_id',
    over: `not exists (select 1 from records r join accounts a on a.id = r.account_id
      where r.grant_id = grant_record and r.expires_at > pratu_now()
        and r.generation = a.generation and a.status = 'active')`,
  },
  { table: 'submissions', key: 'form', over: `begun_at < pratu_now() - interval '2 minutes'` },
  { table: 'outbox', key: 'id', over: `created_at < pratu_now() - interval '30 days'` },
  { table: 'audit', key: 'id', over: `at < pratu_now() - interval '400 days'` },
] as const;

export type SweptTable = (typeof SWEPT)[number]['table'];
export const SWEPT_TABLES: readonly SweptTable[] = SWEPT.map(({ table }) => table);

/** An arbitrary number that only the sweep locks. */
const LOCK = 7_246_114;

/** False when another process is sweeping: one is enough. The lock ends with the transaction. */
export async function lockSweep(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select pg_try_advisory_xact_lock(?) as locked', [LOCK]);
  return (rows[0] as { locked: boolean }).locked;
}

/** Removes at most `batch` rows that are over; how many it removed. */
export async function removeBatch(db: Db, table: SweptTable, batch: number): Promise<number> {
  const swept = SWEPT.find((candidate) => candidate.table === table);
  if (!swept) return 0;
  const { rowCount } = await db.raw(
    `delete from ${swept.table} where ${swept.key} in (
       select ${swept.key} from ${swept.table} where ${swept.over} limit ? for update skip locked)`,
    [batch],
  );
  return rowCount ?? 0;
}
