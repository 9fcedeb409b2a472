import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ContactKind } from '../accounts/account.ts';
import { type Email, parseEmail } from '../values/email.ts';
import { parseMobile } from '../values/mobile.ts';
import {
  type ContactKey,
  contactHolder,
  deleteContact,
  deleteContacts,
  doubtOthers,
  forgetProof,
  insertContact,
  listContact,
  removeUnverified,
  trustedOwner,
  verifiedOwner,
} from './contact-store.ts';
import { verifyEmail } from './email-store.ts';

/**
 * For flows that change more than contacts, in their own transactions, and for statements that read more than the
 * account.
 */
export { confirmContact, contactHolderQuery, removeUnconfirmed } from './contact-store.ts';
export { removeEmail, replaceEmail, verifyEmail } from './email-store.ts';

export type { ContactKey };

export interface NewContact {
  kind: ContactKind;
  /** As typed. */
  value: string;
  verified: boolean;
}

export interface Contacts {
  /**
   * Adds a contact. Throws `INVALID_MOBILE`, `INVALID_EMAIL`, or `CONTACT_TAKEN` if it is verified on another account.
   */
  add(accountId: number, contact: NewContact): Promise<void>;
  /**
   * Marks a listed e-mail address as verified. Returns false if the account no longer lists it. Throws `CONTACT_TAKEN`.
   */
  verifyEmail(accountId: number, email: Pick<Email, 'key'>): Promise<boolean>;
  /**
   * Lists an unverified value as the preferred one, in the caller's transaction. An unverified mobile number cannot
   * sign in, and the account's verified contacts remain. Throws `INVALID_MOBILE`, `INVALID_EMAIL`.
   */
  list(accountId: number, contact: Omit<NewContact, 'verified'>): Promise<void>;
  /** Removes one contact from an account. Returns false if the account does not list it. */
  remove(accountId: number, contact: ContactKey): Promise<boolean>;
  /** Removes every contact of a kind from an account. Returns the values removed. */
  removeAll(accountId: number, kind: ContactKind): Promise<string[]>;
  /**
   * Call after a removal without a replacement. Treats an account without verified contacts as never verified, so that
   * a person who later proves one of its contacts keeps nothing that was linked before.
   */
  forgetProof(accountId: number): Promise<void>;
  /**
   * Returns the account that a mobile number or an e-mail address signs in to. A mobile number must be verified. An
   * e-mail address that no account has verified belongs to the first account that listed it.
   */
  holder(kind: ContactKind, key: string): Promise<number | undefined>;
  /**
   * Returns the account that a person who proves a contact can recover, and sign in to with a code. This is the account
   * on which it is verified, unless the account was recovered through another contact and this one is still
   * unconfirmed.
   */
  trustedOwner(kind: ContactKind, key: string): Promise<number | undefined>;
  /** Marks all contacts of an account as unconfirmed, except the one that it was recovered through. */
  doubtOthers(accountId: number, recoveredThrough: ContactKey): Promise<void>;
  /** Returns the account on which a value is verified. */
  owner(kind: ContactKind, key: string): Promise<number | undefined>;
}

/** Returns the stored spelling of a contact and its unique key. Throws if the value is not valid for its kind. */
export function parseContact(kind: ContactKind, value: string): ContactKey & { value: string } {
  if (kind === 'mobile') {
    const mobile = parseMobile(value);
    if (!mobile) throw new AppError('INVALID_MOBILE', { field: 'mobile' });
    return { kind, key: mobile, value: mobile };
  }
  const email = parseEmail(value);
  if (!email) throw new AppError('INVALID_EMAIL', { field: 'email' });
  return { kind, ...email };
}

export const contacts = ({ db }: { db: Db }): Contacts => ({
  async add(accountId, { kind, value, verified }) {
    const contact = parseContact(kind, value);
    await insertContact(db, accountId, { ...contact, verified, preferred: true });
    if (verified) await removeUnverified(db, contact, accountId);
  },
  verifyEmail: (accountId, email) => verifyEmail(db, accountId, email),
  list: (accountId, { kind, value }) => listContact(db, accountId, parseContact(kind, value)),
  async remove(accountId, contact) {
    const removed = await deleteContact(db, accountId, contact);
    if (removed) await forgetProof(db, accountId);
    return removed;
  },
  removeAll: (accountId, kind) => deleteContacts(db, accountId, kind),
  forgetProof: (accountId) => forgetProof(db, accountId),
  owner: (kind, key) => verifiedOwner(db, { kind, key }),
  trustedOwner: (kind, key) => trustedOwner(db, { kind, key }),
  doubtOthers: (accountId, contact) => doubtOthers(db, accountId, contact),
  holder: (kind, key) => contactHolder(db, { kind, key }),
});
