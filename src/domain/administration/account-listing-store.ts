import type { Db } from '../../db/database.ts';
import type { AccountStatus, ContactKind } from '../accounts/account.ts';
import type { Position } from '../values/cursor.ts';

export interface ListFilter {
  status?: AccountStatus | undefined;
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
}

/** A row with its sort key, from which a cursor continues. */
export interface FoundRow {
  id: number;
  key: string;
}

/** A code point above all others: the end of a prefix in byte order. */
const END = 'chr(1114111)';

const branch = (column: string, condition: string, after: boolean): string => `(
  select id, lower(${column}) collate "C" as key from accounts
  where ${column} is not null and lower(${column}) collate "C" >= lower(:prefix) collate "C"
    and lower(${column}) collate "C" < (lower(:prefix) || ${END}) collate "C" ${condition}
    ${after ? `and (lower(${column}) collate "C", id) > (:key collate "C", :id)` : ''}
  order by 2, 1 limit :limit)`;

/**
 * Accounts whose given or family name starts with the prefix, sorted by that name. An account that matches by both
 * names is listed under its given name.
 */
export const byNameSql = (after: boolean): string => `
  ${branch('first_name', '', after)} union all
  ${branch(
    'last_name',
    `and not coalesce(lower(first_name) collate "C" >= lower(:prefix) collate "C"
      and lower(first_name) collate "C" < (lower(:prefix) || ${END}) collate "C", false)`,
    after,
  )}
  order by key, id limit :limit`;

export async function readByName(
  db: Db,
  prefix: string,
  limit: number,
  after: Position | undefined,
): Promise<FoundRow[]> {
  const [key = '', id = 0] = after ?? [];
  const { rows } = await db.raw(byNameSql(after !== undefined), {
    prefix,
    limit,
    ...(after ? { key, id } : {}),
  });
  return rows as FoundRow[];
}

/** Accounts that list a contact: those that have verified it first, then in the order in which they added it. */
export async function readByContact(
  db: Db,
  kind: ContactKind,
  key: string,
  limit: number,
): Promise<number[]> {
  const rows = await db('contacts')
    .where({ kind, key })
    .orderByRaw('verified_at is null, added_at, id')
    .limit(limit)
    .select('account_id');
  return (rows as { account_id: number }[]).map(({ account_id }) => account_id);
}

/** Accounts, newest first. By default, excludes deleted accounts. */
export function listQuery(db: Db, filter: ListFilter, limit: number, after: Position | undefined) {
  const query = db('accounts')
    .select('id', db.raw('created_at::text as key'))
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  if (filter.status) query.where({ status: filter.status });
  else query.whereRaw(`status <> 'deleted'`);
  if (filter.createdAfter) query.where('created_at', '>=', filter.createdAfter);
  if (filter.createdBefore) query.where('created_at', '<', filter.createdBefore);
  if (after) query.whereRaw('(created_at, id) < (?::timestamptz, ?)', [...after]);
  return query;
}
