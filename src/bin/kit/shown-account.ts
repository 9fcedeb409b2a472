import { type Account, cardNumber } from '../../domain/accounts/account.ts';
import { fullName } from '../../domain/values/person-name.ts';

/** Returns the data that the operator sees of an account: enough to identify it, without secrets or the national ID. */
export const shownAccount = ({ profile, card, contacts, ...account }: Account) => ({
  id: account.id,
  status: account.status,
  name: fullName(profile.firstName ?? '', profile.lastName ?? '') || null,
  contacts: contacts.map(({ kind, value, verified, confirmed, preferred }) => ({
    kind,
    value,
    verified,
    confirmed,
    preferred,
  })),
  card: card && cardNumber(card),
  register_channel: account.registerChannel,
  register_client_id: account.registerClientId,
  created_at: account.createdAt,
  updated_at: account.updatedAt,
});
