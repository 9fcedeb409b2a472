import { hasPasskey } from '../../passkeys/passkeys.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A passkey with user verification: possession of a device and the means that unlocks it (WebAuthn §6.2.3). */
export const passkeyMethod = {
  name: 'passkey',
  step: 'either',
  acr: 'urn:pratu:acr:passkey',
  amr: ['pop', 'user'],
  kinds: ['possession', 'inherence'],
  page: 'passkey',
  channel: undefined,
  enrolled: (db, { id }) => hasPasskey(db, id),
} as const satisfies AuthenticationMethod;
