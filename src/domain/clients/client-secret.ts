import { timingSafeEqual } from 'node:crypto';
import { randomToken } from '../../lib/ids.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { StoredClient } from './client.ts';

/** What is compared in place of the secrets of a client that has none, or that nobody registered. */
const DECOY = [randomToken(256)];

/**
 * Whether a secret is one of the client's: it has two while it changes them. Takes the same time whatever is wrong,
 * also without a client.
 */
export function isSecretOf(client: StoredClient | undefined, given: string): boolean {
  const secrets = client && client.secrets.length > 0 ? client.secrets : DECOY;
  const digest = sha256(given);
  const right = secrets.reduce((found, secret) => timingSafeEqual(sha256(secret), digest) || found, false);
  return right && secrets !== DECOY;
}
