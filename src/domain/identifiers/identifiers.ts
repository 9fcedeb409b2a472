import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import type { ContactKey, Contacts } from '../contacts/contacts.ts';
import type { AccountId, Identifier, OtherText } from './identifier.ts';

/** Finds the account that an identifier belongs to. Callers decide which kinds they accept. */
export interface Identifiers {
  /** Returns the ID of the account that an identifier signs in to, or is recorded on. */
  accountId(identifier: Identifier | AccountId | OtherText): Promise<number | undefined>;
  /** Returns the account that a code sent to this contact recovers and signs in to: see `Contacts.trustedOwner`. */
  trustedAccount(contact: ContactKey): Promise<Account | undefined>;
}

interface Deps {
  accounts: Pick<Accounts, 'find' | 'cardHolder'>;
  contacts: Pick<Contacts, 'holder' | 'trustedOwner'>;
  nationalIds: Pick<NationalIds, 'find'>;
}

/** An ID that no account has. */
const NOBODY = 0;

export const identifiers = ({ accounts, contacts, nationalIds }: Deps): Identifiers => ({
  async accountId({ kind, key }) {
    switch (kind) {
      case 'mobile':
      case 'email':
        return contacts.holder(kind, key);
      case 'card':
        return accounts.cardHolder(key);
      case 'national id':
        return nationalIds.find(key);
      case 'account id':
        return key;
      case 'other':
        return undefined;
    }
  },
  async trustedAccount({ kind, key }) {
    // also if no account is found, so that the time reveals nothing
    return accounts.find((await contacts.trustedOwner(kind, key)) ?? NOBODY);
  },
});
