import type { Client } from 'oidc-provider';
import { type Clock, epochSeconds } from '../../lib/clock.ts';

/** Seconds between two requests for the keys of a client that assertions with unknown keys may cause. */
const REFETCH_SECONDS = 10;

/** The keys of a client as the library keeps them; not in its types. `freshUntil` is in epoch seconds. */
export interface ClientKeys {
  freshUntil?: number;
  selectForVerify(wanted: { alg?: string; kid?: string }): unknown[];
  refresh(): Promise<void>;
}

/** The public keys that a client's registration has, or names. */
export const clientKeysOf = (client: Client): ClientKeys =>
  (client as unknown as { asymmetricKeyStore: ClientKeys }).asymmetricKeyStore;

/**
 * Has a client's `jwks_uri` asked again when something is signed with a key that is not among the known ones (OpenID
 * Connect Core §10.1.1). The library asks only when what it knows is a minute old, and without a limit while the
 * client's server does not respond.
 */
export function refetchUnknownKeys(client: Client, clock: Clock): void {
  if (client.jwksUri === undefined) return;
  const keys = clientKeysOf(client);
  const select = keys.selectForVerify.bind(keys);
  const refresh = keys.refresh.bind(keys);
  const now = (): number => epochSeconds(clock.now());
  let askedAt = Number.NEGATIVE_INFINITY;
  keys.selectForVerify = (wanted) => {
    const found = select(wanted);
    // what is stale is asked for again by the library, as soon as it finds that no key verifies
    if (found.length === 0 && wanted.kid !== undefined && now() - askedAt >= REFETCH_SECONDS)
      keys.freshUntil = 0;
    return found;
  };
  keys.refresh = async () => {
    askedAt = now();
    try {
      await refresh();
    } catch (error) {
      keys.freshUntil = now() + REFETCH_SECONDS;
      throw error;
    }
  };
}
