import { networkOf } from '../../lib/addresses.ts';
import type { Keyring } from '../../lib/keyring.ts';

/** The requester of a code: an address, or a first-party client that authenticated and has limits of its own. */
export interface CodeAsker {
  address: string;
  clientId?: string | undefined;
  /** A value that only the caller's browser has, if the caller is a browser. */
  browser?: string | undefined;
}

const NETWORK = 'one_time_codes.network';

/** Returns the digest of the network of an address, as stored with codes. */
export const networkDigest = (keyring: Keyring, address: string): Buffer =>
  keyring.digest(NETWORK, networkOf(address));

/** Returns a predicate of whether one or several codes were requested from the network of an address. */
export function isNetworkOf(keyring: Keyring, address: string): (stored: Buffer | null) => boolean {
  const digests = keyring.digests(NETWORK, networkOf(address));
  return (stored) => stored !== null && digests.some((digest) => digest.equals(stored));
}
