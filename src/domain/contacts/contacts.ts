import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ContactKind } from '../accounts/account.ts';
import {
  type ContactKey,
  deleteContacts,
  firstHolder,
  insertContact,
  removeUnverified,
  verifiedOwner,
} from './contact-store.ts';
import { parseEmail } from './email.ts';
import { parseMobile } from './mobile.ts';

export interface NewContact {
  kind: ContactKind;
  /** As a person typed it. */
  value: string;
  verified: boolean;
}

export interface Contacts {
  /** Adds a contact. Throws `INVALID_MOBILE`, `INVALID_EMAIL`, or `CONTACT_TAKEN` when it is verified elsewhere. */
  add(accountId: number, contact: NewContact): Promise<void>;
  /** Takes every contact of a kind off an account; the values that it had. */
  removeAll(accountId: number, kind: ContactKind): Promise<string[]>;
  /**
   * The account that a mobile or an e-mail signs in to. A mobile must be verified; an e-mail that nobody has
   * verified belongs to the account that listed it first.
   */
  holder(kind: ContactKind, key: string): Promise<number | undefined>;
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
  removeAll: (accountId, kind) => deleteContacts(db, accountId, kind),
  owner: (kind, key) => verifiedOwner(db, { kind, key }),
  holder: (kind, key) =>
    kind === 'mobile' ? verifiedOwner(db, { kind, key }) : firstHolder(db, { kind, key }),
});
