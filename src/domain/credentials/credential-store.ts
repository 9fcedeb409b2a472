import type { Db } from '../../db/database.ts';

export async function readPasswordHash(db: Db, accountId: number): Promise<string | undefined> {
  const row = await db('credentials').where({ account_id: accountId, kind: 'password' }).first('hash');
  return row?.hash;
}

/** Stores a password that was chosen in this system, which no import replaces. */
export async function writePasswordHash(db: Db, accountId: number, hash: string): Promise<void> {
  await db('credentials')
    .insert({ account_id: accountId, kind: 'password', hash })
    .onConflict(['account_id', 'kind'])
    .merge({ hash, imported_digest: null, changed_at: db.raw('pratu_now()') });
}

/** Replaces the hash that was just verified by one with new parameters, unless it has changed in the meantime. */
export async function replacePasswordHash(
  db: Db,
  accountId: number,
  old: string,
  hash: string,
): Promise<void> {
  await db('credentials').where({ account_id: accountId, kind: 'password', hash: old }).update({ hash });
}
