import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import { forgetProof, insertContact, noteProof, removeUnverified } from './contact-store.ts';

interface Email {
  value: string;
  key: string;
}

/**
 * Marks a listed e-mail address as verified. Returns false if the account no longer lists it. Throws `CONTACT_TAKEN`.
 */
export async function verifyEmail(db: Db, accountId: number, { key }: Pick<Email, 'key'>): Promise<boolean> {
  const now = db.raw('pratu_now()');
  try {
    const changed = await db('contacts')
      .where({ account_id: accountId, kind: 'email', key })
      .update({ verified_at: db.raw('coalesce(verified_at, pratu_now())'), last_verified_at: now });
    if (changed === 0) return false;
    await removeUnverified(db, { kind: 'email', key }, accountId);
    await noteProof(db, accountId);
    return true;
  } catch (error) {
    throw violated(error) ?? error;
  }
}

/** Makes a verified address the account's only one. Throws `CONTACT_TAKEN`. */
export async function replaceEmail(db: Db, accountId: number, email: Email): Promise<void> {
  await db('contacts').where({ account_id: accountId, kind: 'email' }).delete();
  await insertContact(db, accountId, { kind: 'email', ...email, verified: true, preferred: true });
  await removeUnverified(db, { kind: 'email', key: email.key }, accountId);
}

/** Removes an address from the account, verified or not. */
export async function removeEmail(db: Db, accountId: number, key: string): Promise<void> {
  await db('contacts').where({ account_id: accountId, kind: 'email', key }).delete();
  await forgetProof(db, accountId);
}
