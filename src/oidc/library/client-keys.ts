import type { Client } from 'oidc-provider';
import { type Clock, epochSeconds } from '../../lib/clock.ts';

/** The minimum seconds between two requests for a client's keys that assertions with unknown keys can cause. */
const REFETCH_SECONDS = 10;

/** The key set of a client in the library; absent from its types. `freshUntil` is in epoch seconds. */
export interface ClientKeys {
  freshUntil?: number;
  selectForVerify(wanted: { alg?: string; kid?: string }): unknown[];
  refresh(): Promise<void>;
}

/** Returns the public keys that a client's registration contains or refers to. */
export const clientKeysOf = (client: Client): ClientKeys =>
  (client as unknown as { asymmetricKeyStore: ClientKeys }).asymmetricKeyStore;

/** The key sets that already refetch. A further layer at each return from the cache would exhaust the stack. */
const wrapped = new WeakSet<ClientKeys>();

/**
 * Refetches a client's `jwks_uri` when something is signed with an unknown key (OpenID Connect Core §10.1.1). The
 * library would do so only when its copy is a minute old, and without a limit while the client's server does not
 * respond. The library keeps a client longer than Pratu's cache, so the same client may be passed again.
 */
export function refetchUnknownKeys(client: Client, clock: Clock): void {
  if (client.jwksUri === undefined) return;
  const keys = clientKeysOf(client);
  if (wrapped.has(keys)) return;
  wrapped.add(keys);
  const select = keys.selectForVerify.bind(keys);
  const refresh = keys.refresh.bind(keys);
  const now = (): number => epochSeconds(clock.now());
  let askedAt = Number.NEGATIVE_INFINITY;
  keys.selectForVerify = (wanted) => {
    const found = select(wanted);
    // the library refetches a stale key set as soon as it finds that no key verifies
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
