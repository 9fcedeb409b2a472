import { hasConfirmedAuthenticator } from '../../second-factors/second-factors.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A code from an authenticator app (RFC 6238); a second factor only. */
export const totpMethod = {
  name: 'totp',
  step: 'second',
  acr: undefined,
  amr: ['otp'],
  kinds: ['possession'],
  page: undefined,
  channel: undefined,
  enrolled: (db, { id }) => hasConfirmedAuthenticator(db, id),
} as const satisfies AuthenticationMethod;
