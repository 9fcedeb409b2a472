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

/** Writes of flows that change more than contacts, in their transactions. */
/** For a statement that reads more than the account. */
export { confirmContact, contactHolderQuery, removeUnconfirmed } from './contact-store.ts';
export { removeEmail, replaceEmail, verifyEmail } from './email-store.ts';

export type { ContactKey };

export interface NewContact {
  kind: ContactKind;
  /** As a person typed it. */
  value: string;
  verified: boolean;
}

export interface Contacts {
  /** Adds a contact. Throws `INVALID_MOBILE`, `INVALID_EMAIL`, or `CONTACT_TAKEN` when it is verified elsewhere. */
  add(accountId: number, contact: NewContact): Promise<void>;
  /** Marks an e-mail that the account lists as its own; false when it lists it no more. Throws `CONTACT_TAKEN`. */
  verifyEmail(accountId: number, email: Pick<Email, 'key'>): Promise<boolean>;
  /**
   * Lists a value that nothing proves as the one to show, in the caller's transaction. It does not sign in, and
   * takes no proved one of the account's away. Throws `INVALID_MOBILE`, `INVALID_EMAIL`.
   */
  list(accountId: number, contact: Omit<NewContact, 'verified'>): Promise<void>;
  /** Takes one contact off an account; false when it does not list it. */
  remove(accountId: number, contact: ContactKey): Promise<boolean>;
  /** Takes every contact of a kind off an account; the values that it had. */
  removeAll(accountId: number, kind: ContactKind): Promise<string[]>;
  /**
   * After a removal that nothing follows: an account without any proved contact is as if none had been proved, so that
   * anyone who proves one keeps nothing of what was linked before.
   */
  forgetProof(accountId: number): Promise<void>;
  /**
   * The account that a mobile or an e-mail signs in to. A mobile must be verified; an e-mail that nobody has
   * verified belongs to the account that listed it first.
   */
  holder(kind: ContactKind, key: string): Promise<number | undefined>;
  /**
   * The account that a person who proves a contact may recover, and sign in to by a code: where it is verified,
   * unless the account was recovered through another contact and nobody has confirmed this one since.
   */
  trustedOwner(kind: ContactKind, key: string): Promise<number | undefined>;
  /** From now on only one contact of the account is known to be its owner's: the one that it was recovered through. */
  doubtOthers(accountId: number, recoveredThrough: ContactKey): Promise<void>;
  /** The account on which a value is verified. */
  owner(kind: ContactKind, key: string): Promise<number | undefined>;
}

/** The stored spelling of a contact and the key that makes it unique; throws when it is not of its kind. */
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
