import type { Account, ContactKind } from '../accounts/account.ts';
import type { PersonalContext } from './password-policy.ts';

const valuesOf = (account: Account, kind: ContactKind): string[] =>
  account.contacts.filter((contact) => contact.kind === kind).map(({ value }) => value);

/** The values that an account's own password must not equal. */
export const contextOf = (account: Account, nationalId?: string): PersonalContext => ({
  names: [account.profile.firstName, account.profile.lastName].filter((name) => name !== null),
  emails: valuesOf(account, 'email'),
  mobiles: valuesOf(account, 'mobile'),
  ...(nationalId ? { nationalId } : {}),
});
