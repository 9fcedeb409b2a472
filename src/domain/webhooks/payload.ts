import { type Account, mainContact } from '../accounts/account.ts';
import type { Claimed } from './delivery-store.ts';

/** The main contacts as claims (OpenID Connect Core §5.1), with their verification status. */
function contactsOf(account: Account | undefined) {
  const email = account && mainContact(account, 'email');
  const mobile = account && mainContact(account, 'mobile');
  return {
    ...(email ? { email: email.value, email_verified: email.verified } : {}),
    ...(mobile ? { phone_number: mobile.value, phone_number_verified: mobile.verified } : {}),
  };
}

/**
 * The body of a request: `type`, `timestamp` (ISO 8601) and `data`. Contacts are those of the account at delivery, not
 * at the event, so that no personal data is stored with a delivery. A deleted account has none.
 */
export function bodyOf(
  { type, at, accountId, clientId, data }: Claimed,
  about?: { account: Account | undefined },
): string {
  return JSON.stringify({
    type,
    timestamp: at.toISOString(),
    data: {
      account_id: accountId === null ? null : String(accountId),
      client_id: clientId,
      ...data,
      ...(about && accountId !== null ? { contacts: contactsOf(about.account) } : {}),
    },
  });
}
