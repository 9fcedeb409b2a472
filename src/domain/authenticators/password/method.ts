import { hasPassword } from '../../credentials/credentials.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A sign-in with any verified contact, or with the card number that every account has. */
export const passwordMethod = {
  name: 'password',
  step: 'first',
  acr: 'urn:pratu:acr:password',
  amr: ['pwd'],
  kinds: ['knowledge'],
  page: 'login',
  channel: undefined,
  enrolled: (db, { id }) => hasPassword(db, id),
} as const satisfies AuthenticationMethod;
