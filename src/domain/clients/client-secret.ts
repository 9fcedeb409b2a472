import { equalSecrets } from '../../lib/constant-time.ts';
import { randomToken } from '../../lib/ids.ts';
import type { StoredClient } from './client.ts';

/** Compared in place of the secrets of a client that has none, or of an unknown client. */
const DECOY = [randomToken(256)];

/**
 * Returns whether a secret is one of the client's; it has two during a rotation. Takes the same time for every wrong
 * secret, and also without a client.
 */
export function isSecretOf(client: StoredClient | undefined, given: string): boolean {
  const secrets = client && client.secrets.length > 0 ? client.secrets : DECOY;
  const right = secrets.reduce((found, secret) => equalSecrets(secret, given) || found, false);
  return right && secrets !== DECOY;
}
