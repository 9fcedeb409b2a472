import type { Db } from '../../db/database.ts';

/** What may have been a stranger's doing, and when it was done. */
const LINKS = [
  ['bindings', 'created_at'],
  ['consents', 'granted_at'],
  ['sign_in_origins', 'last_at'],
  ['devices', 'registered_at'],
] as const;

/** Removes what was linked to an account before it proved a contact for the first time. */
export async function removeUnproved(db: Db, accountId: number): Promise<void> {
  const provedAt = db('accounts').where({ id: accountId }).select('proved_at');
  for (const [table, time] of LINKS)
    await db(table).where({ account_id: accountId }).where(time, '<', provedAt).delete();
}
