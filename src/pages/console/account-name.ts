import { type Account, mainContact } from '../../domain/accounts/account.ts';
import { fullName } from '../../domain/values/person-name.ts';

/** The name by which an operator recognises an account: its name, otherwise a contact, otherwise its ID. */
export function shownAccountName(account: Account | undefined, accountId: number): string {
  if (!account) return String(accountId);
  const { firstName, lastName } = account.profile;
  const name = fullName(firstName ?? '', lastName ?? '');
  return (
    name || mainContact(account, 'email')?.value || mainContact(account, 'mobile')?.value || String(accountId)
  );
}
