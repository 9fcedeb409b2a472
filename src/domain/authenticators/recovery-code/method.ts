import { hasConfirmedAuthenticator } from '../../second-factors/second-factors.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A single-use code that replaces a lost authenticator app; a second factor only. */
export const recoveryCodeMethod = {
  name: 'recovery-code',
  step: 'second',
  acr: undefined,
  amr: ['otp'],
  kinds: ['possession'],
  page: undefined,
  channel: undefined,
  enrolled: (db, { id }) => hasConfirmedAuthenticator(db, id),
} as const satisfies AuthenticationMethod;
