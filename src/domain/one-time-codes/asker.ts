import { networkOf } from '../../lib/addresses.ts';
import type { Keyring } from '../../lib/keyring.ts';

/** Who has a code sent: an address, or a first-party client that authenticated and has limits of its own. */
export interface CodeAsker {
  address: string;
  clientId?: string | undefined;
  /** A value that only the caller's browser has, when the caller is one. */
  browser?: string | undefined;
}

const NETWORK = 'one_time_codes.network';

/** The network of an address as codes are stored with it. */
export const networkDigest = (keyring: Keyring, address: string): Buffer =>
  keyring.digest(NETWORK, networkOf(address));

/** Whether a code, or several, were requested from the network of an address. */
export function isNetworkOf(keyring: Keyring, address: string): (stored: Buffer | null) => boolean {
  const digests = keyring.digests(NETWORK, networkOf(address));
  return (stored) => stored !== null && digests.some((digest) => digest.equals(stored));
}
