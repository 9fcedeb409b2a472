import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import type { ContactKind } from '../accounts/account.ts';

export interface ContactKey {
  kind: ContactKind;
  /** The canonical form of all spellings: E.164, or the e-mail address without regard to case. */
  key: string;
}

export async function insertContact(
  db: Db,
  accountId: number,
  contact: ContactKey & { value: string; verified: boolean; preferred: boolean },
): Promise<void> {
  const now = db.raw('pratu_now()');
  const verifiedAt = contact.verified ? now : null;
  try {
    await db('contacts').insert({
      account_id: accountId,
      kind: contact.kind,
      value: contact.value,
      key: contact.key,
      preferred: contact.preferred,
      verified_at: verifiedAt,
      last_verified_at: verifiedAt,
    });
  } catch (error) {
    throw violated(error) ?? error;
  }
  if (contact.verified) await noteProof(db, accountId);
}

/** Records when an account verified a contact for the first time. */
export async function noteProof(db: Db, accountId: number): Promise<void> {
  await db('accounts')
    .where({ id: accountId, proved_at: null })
    .update({ proved_at: db.raw('pratu_now()') });
}

/**
 * Clears that time if the account has no verified contact left: any person who proves one can then become its owner.
 */
export async function forgetProof(db: Db, accountId: number): Promise<void> {
  const proved = db('contacts').where({ account_id: accountId }).whereNotNull('verified_at').select('id');
  await db('accounts').where({ id: accountId }).whereNotExists(proved).update({ proved_at: null });
}

/**
 * Lists a value in place of unverified values of its kind. A verified one remains, and remains the main one unless this
 * value is verified too.
 */
export async function listContact(
  db: Db,
  accountId: number,
  contact: ContactKey & { value: string },
): Promise<void> {
  const theirs = () => db('contacts').where({ account_id: accountId, kind: contact.kind });
  await theirs().where({ verified_at: null }).whereNot({ key: contact.key }).delete();
  await theirs().update({ preferred: false });
  await db('contacts')
    .insert({ ...contact, account_id: accountId, preferred: true })
    .onConflict(['account_id', 'kind', 'key'])
    .merge({ preferred: true });
}

/** Removes a value from every other account on which it is not verified. */
export async function removeUnverified(
  db: Db,
  { kind, key }: ContactKey,
  exceptAccount: number,
): Promise<void> {
  await db('contacts')
    .where({ kind, key, verified_at: null })
    .whereNot({ account_id: exceptAccount })
    .delete();
}

/** Removes one contact from an account. Returns false if the account does not list it. */
export async function deleteContact(db: Db, accountId: number, { kind, key }: ContactKey): Promise<boolean> {
  return (await db('contacts').where({ account_id: accountId, kind, key }).delete()) > 0;
}

export async function deleteContacts(db: Db, accountId: number, kind: ContactKind): Promise<string[]> {
  const rows = await db('contacts').where({ account_id: accountId, kind }).delete().returning('value');
  return (rows as { value: string }[]).map(({ value }) => value);
}

/** Returns the account on which a value is verified. */
export async function verifiedOwner(db: Db, { kind, key }: ContactKey): Promise<number | undefined> {
  const row = await db('contacts').where({ kind, key }).whereNotNull('verified_at').first('account_id');
  return row?.account_id;
}

/** Returns the account on which a value is verified and confirmed. */
export async function trustedOwner(db: Db, { kind, key }: ContactKey): Promise<number | undefined> {
  const row = await db('contacts')
    .where({ kind, key, unconfirmed_since: null })
    .whereNotNull('verified_at')
    .first('account_id');
  return row?.account_id;
}

/** Marks all contacts of an account as unconfirmed, except the one that it was recovered through. */
export async function doubtOthers(db: Db, accountId: number, { kind, key }: ContactKey): Promise<void> {
  await db('contacts')
    .where({ account_id: accountId })
    .update({
      unconfirmed_since: db.raw('case when kind = ? and key = ? then null else pratu_now() end', [kind, key]),
    });
}

const unconfirmed = (db: Db, accountId: number, { kind, key }: ContactKey) =>
  db('contacts').where({ account_id: accountId, kind, key }).whereNotNull('unconfirmed_since');

/** Returns false if the contact was already confirmed, or is no longer listed. */
export const confirmContact = async (db: Db, accountId: number, contact: ContactKey): Promise<boolean> =>
  (await unconfirmed(db, accountId, contact).update({ unconfirmed_since: null })) > 0;

/** Returns false if the contact was confirmed, or is no longer listed. */
export const removeUnconfirmed = async (db: Db, accountId: number, contact: ContactKey): Promise<boolean> =>
  (await unconfirmed(db, accountId, contact).delete()) > 0;

/**
 * A query for the account that a value signs in to: the one on which it is verified or, for an e-mail address,
 * otherwise the first to list it. The arguments are the placeholders of its kind and its key.
 */
export const contactHolderQuery = (kind: string, key: string): string =>
  `select k.account_id from contacts k where k.kind = ${kind} and k.key = ${key}
   and (k.verified_at is not null or k.kind = 'email') order by k.verified_at is null, k.added_at, k.id limit 1`;

export async function contactHolder(db: Db, { kind, key }: ContactKey): Promise<number | undefined> {
  const { rows } = await db.raw(contactHolderQuery('?', '?'), [kind, key]);
  return rows[0]?.account_id;
}
