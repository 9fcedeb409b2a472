import type { Db } from '../../db/database.ts';
import type { LaggingRead } from '../../db/replica.ts';
import { type Page, type PageWanted, type Position, pageOf, positionIn } from '../values/cursor.ts';

/** One event of the audit trail, as operators see it. */
export interface AuditEntry {
  id: number;
  at: Date;
  event: string;
  accountId: number | null;
  clientId: string | null;
  actor: string | null;
  requestId: string | null;
  reason: string | null;
  details: Record<string, unknown>;
}

/** Criteria for events; an event must meet all of them. */
export interface AuditFilter {
  accountId?: number | undefined;
  clientId?: string | undefined;
  actor?: string | undefined;
  event?: string | undefined;
  requestId?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

export interface AuditSearch {
  /** Returns a page of events, newest first. Throws `INVALID_CURSOR` for a cursor of another list. */
  page(filter: AuditFilter, page: PageWanted): Promise<Page<AuditEntry>>;
  /** Returns all matching events, newest first, without holding them in memory. */
  all(filter: AuditFilter): AsyncGenerator<AuditEntry>;
  /**
   * Returns at most `limit` events after the event with this ID, oldest first, for following the trail. Withholds
   * events until earlier transactions have ended: an event that they are about to commit may have a lower ID than a
   * committed one.
   */
  following(filter: AuditFilter, afterId: number, limit: number): Promise<AuditEntry[]>;
  /** The ID after which following starts: that of the newest event, or of the last event before a time. */
  lastId(before?: Date): Promise<number>;
}

/** `exactly` is the time with microseconds: a `Date` would lose them, and pages would skip rows. */
type Row = AuditEntry & { exactly: string };

const PORTION = 500;

/**
 * The event's transaction began before every transaction that is still running, or so long ago that no transaction of
 * the server can still be running. A transaction left open by another program must not hide events.
 */
const SETTLED = `(age(audit.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
  or at < pratu_now() - interval '30 seconds')`;

const COLUMNS = {
  accountId: 'account_id',
  clientId: 'client_id',
  actor: 'actor',
  event: 'event',
  requestId: 'request_id',
} as const;

function matching(db: Db, filter: AuditFilter) {
  const query = db('audit').select(
    'id',
    'at',
    'event',
    'account_id as accountId',
    'client_id as clientId',
    'actor',
    'request_id as requestId',
    'reason',
    'details',
    db.raw('at::text as exactly'),
  );
  for (const [member, column] of Object.entries(COLUMNS)) {
    const value = filter[member as keyof typeof COLUMNS];
    if (value !== undefined) query.where(column, value);
  }
  if (filter.since) query.where('at', '>=', filter.since);
  if (filter.until) query.where('at', '<', filter.until);
  return query;
}

/** Selects events, newest first, after the position at which a page ends. */
export function auditListQuery(db: Db, filter: AuditFilter, limit: number, after: Position | undefined) {
  const query = matching(db, filter)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  if (after) query.whereRaw('(at, id) < (?::timestamptz, ?)', [...after]);
  return query;
}

export function auditSearch({ db, lagging }: { db: Db; lagging: LaggingRead }): AuditSearch {
  async function page(filter: AuditFilter, { limit, after }: PageWanted): Promise<Page<AuditEntry>> {
    const list = `audit ${JSON.stringify(filter)}`;
    const from = positionIn(list, after, 2);
    const rows: Row[] = await lagging(async (db) => auditListQuery(db, filter, limit + 1, from));
    const found = pageOf(list, rows, limit, ({ exactly, id }) => [exactly, id]);
    return { ...found, data: found.data.map(({ exactly: _exactly, ...entry }) => entry as AuditEntry) };
  }

  return {
    page,
    async *all(filter) {
      let after: string | undefined;
      do {
        const found: Page<AuditEntry> = await page(filter, { limit: PORTION, after });
        yield* found.data;
        after = found.next ?? undefined;
      } while (after !== undefined);
    },
    async following(filter, afterId, limit) {
      const rows: Row[] = await matching(db, filter)
        .where('id', '>', afterId)
        .whereRaw(SETTLED)
        .orderBy('id')
        .limit(limit);
      return rows.map(({ exactly: _exactly, ...entry }) => entry as AuditEntry);
    },
    async lastId(before) {
      if (before === undefined) return (await db('audit').max('id as last').first())?.last ?? 0;
      const first = await db('audit').where('at', '>=', before).orderBy(['at', 'id']).first('id');
      return first ? first.id - 1 : ((await db('audit').max('id as last').first())?.last ?? 0);
    },
  };
}
