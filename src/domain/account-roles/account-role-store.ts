import type { Db } from '../../db/database.ts';

/** In alphabetical order. */
export const readRoles = (db: Db, accountId: number): Promise<string[]> =>
  db('account_roles').where({ account_id: accountId }).orderBy('role').pluck('role');

/** Returns false if the account already has the role. */
export async function insertRole(db: Db, accountId: number, role: string): Promise<boolean> {
  const inserted = await db('account_roles')
    .insert({ account_id: accountId, role })
    .onConflict(['account_id', 'role'])
    .ignore()
    .returning('role');
  return inserted.length > 0;
}

export const deleteRole = async (db: Db, accountId: number, role: string): Promise<boolean> =>
  (await db('account_roles').where({ account_id: accountId, role }).delete()) > 0;
