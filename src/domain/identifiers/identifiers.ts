import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import type { ContactKey, Contacts } from '../contacts/contacts.ts';
import type { AccountId, Identifier, OtherText } from './identifier.ts';

/**
 * Which account an identifier belongs to. Callers decide which kinds they accept.
 */
export interface Identifiers {
  /** The id of the account that an identifier signs in to, or is recorded on. */
  accountId(identifier: Identifier | AccountId | OtherText): Promise<number | undefined>;
  /** The account that a code to this contact recovers and signs in to: `Contacts.trustedOwner`. */
  trustedAccount(contact: ContactKey): Promise<Account | undefined>;
}

interface Deps {
  accounts: Pick<Accounts, 'find' | 'cardHolder'>;
  contacts: Pick<Contacts, 'holder' | 'trustedOwner'>;
  nationalIds: Pick<NationalIds, 'find'>;
}

/** No account has this number. */
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
    // also where there is none: the time must not tell
    return accounts.find((await contacts.trustedOwner(kind, key)) ?? NOBODY);
  },
});
