import type { Db } from '../../db/database.ts';

/** What may have been a stranger's doing, and when it was done. */
const LINKS = [
  ['bindings', 'created_at'],
  ['consents', 'granted_at'],
  ['sign_in_origins', 'last_at'],
  ['devices', 'registered_at'],
] as const;

/** The providers of the links that `removeUnproved` removes. */
export async function unprovedLinks(db: Db, accountId: number): Promise<string[]> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  return db('bindings').where({ account_id: accountId }).where('created_at', '<', provedAt).pluck('provider');
}

/** Removes what was linked to an account before it proved a contact for the first time. */
export async function removeUnproved(db: Db, accountId: number): Promise<void> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  for (const [table, time] of LINKS)
    await db(table).where({ account_id: accountId }).where(time, '<', provedAt).delete();
}

/** The same of authenticators: a stranger's would keep the owner out. How many there were. */
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
