import type { Db } from '../../db/database.ts';

/** The tables whose rows a stranger may have created, with the column of the time. */
const LINKS = [
  ['bindings', 'created_at'],
  ['consents', 'granted_at'],
  ['sign_in_origins', 'last_at'],
  ['devices', 'registered_at'],
] as const;

/** Returns the providers of the links that `removeUnproved` removes. */
export async function unprovedLinks(db: Db, accountId: number): Promise<string[]> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  return db('bindings').where({ account_id: accountId }).where('created_at', '<', provedAt).pluck('provider');
}

/** Removes everything that was linked to an account before it first proved a contact. */
export async function removeUnproved(db: Db, accountId: number): Promise<void> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  for (const [table, time] of LINKS)
    await db(table).where({ account_id: accountId }).where(time, '<', provedAt).delete();
}

/**
 * Does the same for passkeys and authenticators, because a stranger's would lock out the owner. Returns how many were
 * removed.
 */
export async function removeUnprovedAuthenticators(db: Db, accountId: number): Promise<number> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  let removed = 0;
  for (const table of ['passkeys', 'authenticators'])
    removed += await db(table).where({ account_id: accountId }).where('created_at', '<', provedAt).delete();
  const left = db('authenticators')
    .where({ account_id: accountId })
    .whereNotNull('confirmed_at')
    .select('id');
  await db('recovery_codes').where({ account_id: accountId }).whereNotExists(left).delete();
  return removed;
}
