import type { Db } from '../../db/database.ts';
import type { Position } from '../values/cursor.ts';
import { TEST_TYPE } from '../webhook-events/webhook-type.ts';
import { type Delivery, FAILING_DAYS, LEASE_SECONDS } from './webhook.ts';
import { isId } from './webhook-store.ts';

/** A delivery that this process has claimed. */
export interface Claimed {
  position: number;
  id: string;
  webhookId: string;
  type: string;
  accountId: number | null;
  clientId: string | null;
  data: Readonly<Record<string, unknown>>;
  at: Date;
  /** The number of attempts, including this one. */
  attempts: number;
  /**
   * The end of the lease, as formatted by the database. A process that has lost its lease cannot change the delivery.
   */
  lease: string;
}

/** The result of an attempt. */
export interface Attempted {
  status: number | null;
  /** A short code. */
  error: string | null;
}

const CLAIMED = `d.position, d.id, d.webhook_id as "webhookId", d.type, d.account_id as "accountId",
  d.client_id as "clientId", d.data, d.at, d.attempts + 1 as attempts, d.due_at::text as lease`;

const COLUMNS = {
  id: 'id',
  webhookId: 'webhook_id',
  type: 'type',
  accountId: 'account_id',
  at: 'at',
  state: 'state',
  attempts: 'attempts',
  lastStatus: 'last_status',
  lastError: 'last_error',
  dueAt: 'due_at',
  endedAt: 'ended_at',
} as const;

/** The number of due deliveries that one claim locks. */
const LOOKED_AT = 100;

/** The enabled webhooks that have due deliveries. */
export async function readDueWebhooks(db: Db): Promise<string[]> {
  const { rows } = await db.raw(
    `select w.id from webhooks w where w.disabled_at is null and exists (
       select from webhook_deliveries d
       where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= pratu_now())`,
  );
  return (rows as { id: string }[]).map(({ id }) => id);
}

/**
 * Locks due deliveries of a webhook, the longest due first, and skips those that another process is claiming. Must be
 * followed by `leaseLocked` in the same transaction.
 */
export async function lockDue(db: Db, webhookId: string): Promise<number[]> {
  const { rows } = await db.raw(
    `select d.position from webhook_deliveries d join webhooks w on w.id = d.webhook_id and w.disabled_at is null
     where d.webhook_id = ? and d.state = 'waiting' and d.due_at <= pratu_now()
     order by d.due_at, d.position limit ? for update of d skip locked`,
    [webhookId, LOOKED_AT],
  );
  return (rows as { position: number }[]).map(({ position }) => position);
}

/**
 * Leases up to `limit` of the locked deliveries, each the first of its account. A delivery behind another of its
 * account becomes due together with that one, so that it is not read repeatedly.
 *
 * It is a separate statement, so that it sees deliveries that ended before the rows were locked. A delivery that ends
 * later waits for the lock and then makes the next one due (`finish`).
 */
export async function leaseLocked(
  db: Db,
  { webhookId, positions, limit }: { webhookId: string; positions: readonly number[]; limit: number },
): Promise<{ claimed: Claimed[]; behind: number }> {
  const { rows } = await db.raw(
    `with due as (
       select d.position, first.position is null as is_first, first.due_at as first_due,
         count(*) filter (where first.position is null) over (order by d.due_at, d.position) as number
       from webhook_deliveries d left join lateral (
         select f.position, f.due_at from webhook_deliveries f
         where f.webhook_id = d.webhook_id and f.account_id = d.account_id and f.state = 'waiting'
           and f.position < d.position
         order by f.position limit 1) first on true
       where d.position = any(cast(:positions as bigint[])) and d.webhook_id = :webhookId
     )
     update webhook_deliveries d set due_at = greatest(due.first_due, pratu_now() + make_interval(secs => :lease))
     from due where d.position = due.position and (not due.is_first or due.number <= :limit)
     returning ${CLAIMED}, due.is_first as "isFirst"`,
    { positions, webhookId, limit, lease: LEASE_SECONDS },
  );
  const all = rows as (Claimed & { isFirst: boolean })[];
  const claimed = all.filter(({ isFirst }) => isFirst).map(({ isFirst: _, ...one }) => one);
  return { claimed, behind: all.length - claimed.length };
}

/**
 * Ends a delivery and makes the next one of its account due. Returns false if this process has lost its lease. The
 * update of the next delivery waits for a claim that has locked it, so that the claim cannot postpone it afterwards.
 */
export async function finish(
  db: Db,
  { position, lease }: Claimed,
  state: 'delivered' | 'failed',
  { status, error }: Attempted,
): Promise<boolean> {
  const { rows } = await db.raw(
    `with done as (
       update webhook_deliveries set state = :state, attempts = attempts + 1, last_status = :status,
         last_error = :error, ended_at = pratu_now()
       where position = :position and due_at = cast(:lease as timestamptz) and state = 'waiting'
       returning position, webhook_id, account_id
     ), next as (
       update webhook_deliveries d set due_at = pratu_now() from done
       where d.state = 'waiting' and d.position = (
         select min(n.position) from webhook_deliveries n
         where n.webhook_id = done.webhook_id and n.account_id = done.account_id and n.state = 'waiting'
           and n.position <> done.position)
     )
     select 1 from done`,
    { state, status, error, position, lease },
  );
  return rows.length > 0;
}

/** Postpones the next attempt. */
export async function postpone(
  db: Db,
  { position, lease }: Claimed,
  { status, error }: Attempted,
  seconds: number,
): Promise<void> {
  await db('webhook_deliveries')
    .where({ position, state: 'waiting' })
    .whereRaw('due_at = cast(? as timestamptz)', [lease])
    .update({
      attempts: db.raw('attempts + 1'),
      last_status: status,
      last_error: error,
      due_at: db.raw('pratu_now() + make_interval(secs => ?)', [seconds]),
    });
}

/** Records a failure of a webhook. Returns whether it has now been failing for so long that it must be disabled. */
export async function noteFailure(db: Db, webhookId: string): Promise<boolean> {
  await db('webhooks')
    .where({ id: webhookId })
    .whereNull('failing_since')
    .update({ failing_since: db.raw('pratu_now()') });
  const row = await db('webhooks')
    .where({ id: webhookId })
    .whereRaw('failing_since <= pratu_now() - make_interval(days => ?)', [FAILING_DAYS])
    .first('id');
  return row !== undefined;
}

export async function noteSuccess(db: Db, webhookId: string): Promise<void> {
  await db('webhooks').where({ id: webhookId }).whereNotNull('failing_since').update({ failing_since: null });
}

/** Adds a test delivery that this process has already claimed. */
export async function insertTest(db: Db, webhookId: string): Promise<Claimed> {
  const { rows } = await db.raw(
    `insert into webhook_deliveries as d (webhook_id, type, data, due_at)
     values (?, ?, '{}', pratu_now() + make_interval(secs => ?)) returning ${CLAIMED}`,
    [webhookId, TEST_TYPE, LEASE_SECONDS],
  );
  return rows[0] as Claimed;
}

export const readDelivery = async (db: Db, webhookId: string, id: string): Promise<Delivery | undefined> =>
  isId(id) ? db('webhook_deliveries').where({ webhook_id: webhookId, id }).first(COLUMNS) : undefined;

/** The deliveries of a webhook, newest first, continuing after the end of a page. */
export function deliveryListQuery(
  db: Db,
  { webhookId, state }: { webhookId: string; state: Delivery['state'] | undefined },
  limit: number,
  after: Position | undefined,
) {
  const query = db('webhook_deliveries')
    .where({ webhook_id: webhookId })
    .select({ ...COLUMNS, position: 'position' })
    .orderBy('position', 'desc')
    .limit(limit);
  if (state) query.where({ state });
  if (after) query.where('position', '<', String(after[0]));
  return query;
}

/** Makes a delivery due now, with its full number of attempts. */
export async function repeatDelivery(db: Db, webhookId: string, id: string): Promise<Delivery | undefined> {
  if (!isId(id)) return undefined;
  const [row] = await db('webhook_deliveries')
    .where({ webhook_id: webhookId, id })
    .update({ state: 'waiting', attempts: 0, ended_at: null, due_at: db.raw('pratu_now()') })
    .returning(Object.entries(COLUMNS).map(([name, column]) => `${column} as ${name}`));
  return row as Delivery | undefined;
}

/**
 * The waiting deliveries of all enabled webhooks. `oldestSeconds` is the age of the oldest one; 0 if none is waiting.
 */
export async function readWaiting(db: Db): Promise<{ waiting: number; oldestSeconds: number }> {
  const { rows } = await db.raw(
    `select count(*)::int as waiting,
       coalesce(extract(epoch from pratu_now() - min(d.at)), 0)::float as "oldestSeconds"
     from webhook_deliveries d join webhooks w on w.id = d.webhook_id and w.disabled_at is null
     where d.state = 'waiting'`,
  );
  return rows[0] as { waiting: number; oldestSeconds: number };
}
