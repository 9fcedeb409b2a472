import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import type { ContactKind } from '../accounts/account.ts';

export interface ContactKey {
  kind: ContactKind;
  /** What makes two spellings one: E.164, or the e-mail without regard to case. */
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
}

/** Takes a value off every account on which it is not verified. */
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

export async function deleteContacts(db: Db, accountId: number, kind: ContactKind): Promise<string[]> {
  const rows = await db('contacts').where({ account_id: accountId, kind }).delete().returning('value');
  return (rows as { value: string }[]).map(({ value }) => value);
}

/** The account that a verified value belongs to. */
export async function verifiedOwner(db: Db, { kind, key }: ContactKey): Promise<number | undefined> {
  const row = await db('contacts').where({ kind, key }).whereNotNull('verified_at').first('account_id');
  return row?.account_id;
}

/** The account that a value signs in to: where it is verified, else the one that listed it first. */
export async function firstHolder(db: Db, { kind, key }: ContactKey): Promise<number | undefined> {
  const row = await db('contacts')
    .where({ kind, key })
    .orderByRaw('verified_at is null, added_at, id')
    .first('account_id');
  return row?.account_id;
}
