import type { Db } from '../../db/database.ts';
import type { AccountStatus } from '../accounts/account.ts';
import type { Role } from './role.ts';

export interface Operator {
  accountId: number;
  role: Role;
  /** Only an operator whose account is active has any permissions. */
  status: AccountStatus;
  since: Date;
}

const rows = (db: Db) =>
  db('operators as o')
    .join('accounts as a', 'a.id', 'o.account_id')
    .select('o.account_id as accountId', 'o.role', 'a.status', 'o.created_at as since');

export const readOperators = async (db: Db): Promise<Operator[]> => rows(db).orderBy('o.account_id');

export const readOperator = async (db: Db, accountId: number): Promise<Operator | undefined> =>
  rows(db).where('o.account_id', accountId).first();

/** Reads the roles of those accounts that have one. */
export const readRoles = async (
  db: Db,
  accountIds: readonly number[],
): Promise<Pick<Operator, 'accountId' | 'role'>[]> =>
  db('operators').whereIn('account_id', accountIds).select('account_id as accountId', 'role');

/** Serializes changes of roles, so that two admins cannot remove each other. */
export async function lockOperators(db: Db): Promise<void> {
  await db.raw('select 1 from operators order by account_id for update');
}

/** Returns whether any other operator is an admin whose account is active. */
export async function hasOtherAdmin(db: Db, accountId: number): Promise<boolean> {
  const other = await rows(db)
    .where({ 'o.role': 'admin', 'a.status': 'active' })
    .whereNot('o.account_id', accountId)
    .first();
  return other !== undefined;
}

export async function writeOperator(db: Db, accountId: number, role: Role): Promise<void> {
  await db('operators')
    .insert({ account_id: accountId, role })
    .onConflict('account_id')
    .merge({ role, updated_at: db.raw('pratu_now()') });
}

export const deleteOperator = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('operators').where({ account_id: accountId }).delete()) > 0;
