import type { Knex } from 'knex';
import type { Db } from '../../db/database.ts';
import { type Change, runStatement } from '../../db/one-statement.ts';
import type { Channel } from './message.ts';

export interface NewRow {
  /** A UUID that the content is bound to. */
  id: string;
  channel: Channel;
  kind: string;
  accountId: number | undefined;
  /** The request that queued the message. */
  requestId: string | undefined;
  /** The span of that request (W3C Trace Context), if requests are traced. */
  traceparent: string | undefined;
  sealed: Buffer;
  dedupeKey: string | undefined;
  toNobody: boolean;
  lifetimeSeconds: number;
}

export interface DueRow {
  id: string;
  kind: string;
  attempts: number;
  traceparent: string | null;
  sealed: Buffer;
}

export interface ReadableRow {
  id: string;
  channel: 'mail' | 'sms';
  sealed: Buffer;
  createdAt: Date;
}

/** A message without its content. */
export interface QueuedMessage {
  id: string;
  channel: Channel;
  kind: string;
  accountId: number | null;
  requestId: string | null;
  createdAt: Date;
  sentAt: Date | null;
  droppedAt: Date | null;
  attempts: number;
  /** A short code of the last failure. */
  lastError: string | null;
}

export const QUEUED_COLUMNS = [
  'id',
  'channel',
  'kind',
  'account_id as accountId',
  'request_id as requestId',
  'created_at as createdAt',
  'sent_at as sentAt',
  'dropped_at as droppedAt',
  'attempts',
  'last_error as lastError',
];

export const readOfRequest = (db: Db, requestId: string): Promise<QueuedMessage[]> =>
  db('outbox').where({ request_id: requestId }).orderBy('created_at').select(QUEUED_COLUMNS);

const later = (db: Db, seconds: number): Knex.Raw =>
  db.raw('pratu_now() + make_interval(secs => ?)', [seconds]);

const waiting = (db: Db): Knex.QueryBuilder => db('outbox').whereNull('sent_at').whereNull('dropped_at');

/**
 * Returns the statement that inserts a message. It writes nothing when a row with the same dedupe key exists, or when
 * there is no recipient.
 */
export const insertion = (row: NewRow): Change => ({
  text: `insert into outbox (id, channel, kind, account_id, request_id, traceparent, sealed, dedupe_key, expires_at)
     select $1::uuid, $2, $3, $4::bigint, $5, $6, $7::bytea, $8, pratu_now() + make_interval(secs => $9)
     where not $10::boolean
     on conflict (dedupe_key) do nothing
     returning id`,
  values: [
    ...[
      row.id,
      row.channel,
      row.kind,
      row.accountId ?? null,
      row.requestId ?? null,
      row.traceparent ?? null,
      row.sealed,
      row.dedupeKey ?? null,
    ],
    ...[row.lifetimeSeconds, row.toNobody],
  ],
});

/** Returns whether the message was inserted. */
export const insertRow = async (db: Db, row: NewRow): Promise<boolean> =>
  (await runStatement(db, insertion(row))).rows.length > 0;

/**
 * Leases due rows, the longest due first. Rows that another process is currently leasing are skipped. The lease hides
 * the rest from other processes for `leaseSeconds`; after that, a row whose process has died is due again.
 */
export async function leaseDue(
  db: Db,
  { channel, limit, leaseSeconds }: { channel: Channel; limit: number; leaseSeconds: number },
): Promise<DueRow[]> {
  const due = waiting(db)
    .select('id')
    .where({ channel })
    .where('next_attempt_at', '<=', db.raw('pratu_now()'))
    .where('expires_at', '>', db.raw('pratu_now()'))
    .orderBy('next_attempt_at')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return db('outbox')
    .withMaterialized('due', due)
    .updateFrom('due')
    .where('outbox.id', db.ref('due.id'))
    .update({ attempts: db.raw('attempts + 1'), next_attempt_at: later(db, leaseSeconds) })
    .returning(['outbox.id', 'kind', 'attempts', 'traceparent', 'sealed']);
}

/** `erase` removes the content of the row. */
const ended = (db: Db, column: 'sent_at' | 'dropped_at', erase: boolean) => ({
  [column]: db.raw('pratu_now()'),
  ...(erase ? { sealed: null } : {}),
});

export async function markSent(db: Db, id: string, erase: boolean): Promise<void> {
  await db('outbox')
    .where({ id })
    .update(ended(db, 'sent_at', erase));
}

/** The attempt number is the fencing token: a process that lost its lease changes nothing. */
type Try = Pick<DueRow, 'id' | 'attempts'>;

export async function postpone(db: Db, { id, attempts }: Try, code: string, seconds: number): Promise<void> {
  await waiting(db)
    .where({ id, attempts })
    .update({ last_error: code, next_attempt_at: later(db, seconds) });
}

export async function drop(db: Db, { id, attempts }: Try, code: string, erase: boolean): Promise<void> {
  await waiting(db)
    .where({ id, attempts })
    .update({ last_error: code, ...ended(db, 'dropped_at', erase) });
}

/** Drops expired messages and returns their number. */
export const dropOverdue = (db: Db, erase: boolean): Promise<number> =>
  waiting(db)
    .where('expires_at', '<=', db.raw('pratu_now()'))
    .update({ last_error: 'EXPIRED', ...ended(db, 'dropped_at', erase) });

/** Returns the mails and SMS that still have their content, newest first. */
export const readReadable = (
  db: Db,
  { limit, offset }: { limit: number; offset: number },
): Promise<ReadableRow[]> =>
  db('outbox')
    .select('id', 'channel', 'sealed', { createdAt: 'created_at' })
    .whereIn('channel', ['mail', 'sms'])
    .whereNotNull('sealed')
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)
    .offset(offset);

export async function readStats(
  db: Db,
  channels: Iterable<Channel>,
): Promise<{ waiting: number; oldestSeconds: number }> {
  return waiting(db)
    .whereIn('channel', [...channels])
    .first(
      db.raw('count(*)::int as waiting'),
      db.raw('coalesce(extract(epoch from pratu_now() - min(created_at)), 0)::float as "oldestSeconds"'),
    );
}
