import type { Db } from '../../db/database.ts';

interface Swept {
  table: string;
  /** The columns that identify a row. */
  key: string;
  /** The condition of rows that can be deleted; an index covers its first part. */
  over: string;
}

/** The tables whose rows expire. */
const SWEPT = [
  { table: 'records', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'refresh_answers', key: '(account_id, id)', over: 'expires_at < pratu_now()' },
  { table: 'sessions', key: 'uid', over: 'expires_at < pratu_now()' },
  { table: 'session_ids', key: 'id', over: `expires_at < pratu_now() and expires_at < 'infinity'` },
  { table: 'console_sessions', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'passkey_challenges', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'upstream_transactions', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'counters', key: 'key', over: 'resets_at < pratu_now()' },
  { table: 'client_secrets', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'webhook_secrets', key: 'id', over: 'expires_at < pratu_now()' },
  { table: 'webhook_deliveries', key: 'position', over: `at < pratu_now() - interval '14 days'` },
  {
    table: 'sign_in_origins',
    key: '(account_id, origin)',
    over: `last_at < pratu_now() - interval '90 days'`,
  },
  { table: 'one_time_codes', key: 'id', over: `created_at < pratu_now() - interval '2 days'` },
  { table: 'second_factor_recoveries', key: 'account_id', over: 'expires_at < pratu_now()' },
  { table: 'mailed_secrets', key: 'id', over: `created_at < pratu_now() - interval '30 days'` },
  { table: 'submissions', key: 'form', over: `begun_at < pratu_now() - interval '2 minutes'` },
  { table: 'idempotency_responses', key: 'key', over: `begun_at < pratu_now() - interval '1 day'` },
  { table: 'outbox', key: 'id', over: `created_at < pratu_now() - interval '30 days'` },
  { table: 'refused_requests', key: 'request_id', over: `at < pratu_now() - interval '7 days'` },
  { table: 'audit', key: 'id', over: 'at < pratu_now() - make_interval(days => :auditDays)' },
] as const satisfies Swept[];

export type SweptTable = (typeof SWEPT)[number]['table'];
export const SWEPT_TABLES: readonly SweptTable[] = SWEPT.map(({ table }) => table);

export interface Batch {
  /** The maximum number of rows. */
  size: number;
  /** The days for which the audit trail is kept. */
  auditDays: number;
}

/** An arbitrary number; no other lock uses it. */
const LOCK = 7_246_114;

/** Returns false while another process is sweeping. The lock ends with the transaction. */
export async function lockSweep(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select pg_try_advisory_xact_lock(?) as locked', [LOCK]);
  return (rows[0] as { locked: boolean }).locked;
}

/** The statement that deletes a batch; locked rows are left for the next run. */
export function removalOf(name: SweptTable): string {
  const { table, key, over } = SWEPT.find((swept) => swept.table === name) as Swept;
  return `delete from ${table} where ${key} in (
    select ${key.replace(/[()]/g, '')} from ${table} where ${over} limit :size for update skip locked)`;
}

/** Deletes at most one batch of expired rows and returns their number. */
export async function removeBatch(db: Db, table: SweptTable, batch: Batch): Promise<number> {
  const { rowCount } = await db.raw(removalOf(table), { ...batch });
  return rowCount ?? 0;
}

/**
 * Checks a batch of devices, in the order of their names after `after`, because no index covers the condition. Deletes
 * those whose key is revoked, has expired, or ended with the sessions of its account.
 *
 * Returns the number of deleted devices and the name to continue after, which is empty at the end of the table.
 */
export async function removeDevices(
  db: Db,
  after: string,
  size: number,
): Promise<{ removed: number; next: string }> {
  const { rows } = await db.raw(
    `with looked_at as materialized (
       select gcm_id, grant_record from devices where gcm_id > :after order by gcm_id limit :size
     ), removed as (
       delete from devices d using looked_at l where d.gcm_id = l.gcm_id and d.grant_record = l.grant_record
         and not exists (select 1 from records r join accounts a on a.id = r.account_id
           where r.grant_id = l.grant_record and r.expires_at > pratu_now()
             and r.generation = a.generation and a.status = 'active')
       returning 1
     )
     select (select count(*)::int from removed) as removed,
       case when count(*) = :size then max(gcm_id) else '' end as next from looked_at`,
    { after, size },
  );
  return rows[0] as { removed: number; next: string };
}
