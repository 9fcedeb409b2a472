import type { Client, Provider } from 'oidc-provider';
import type { StoredClient } from '../../domain/clients/client.ts';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { refetchUnknownKeys } from './client-keys.ts';

export interface BuiltClientsDeps {
  clientCache: ClientCache;
  clock: Clock;
}

/**
 * Keeps the library's client beside the stored one that it was built from, for as long as the cache has it. The library
 * itself would write out the whole registration and hash it at every request, to find out that nothing changed.
 */
export function keepBuiltClients(provider: Provider, { clientCache, clock }: BuiltClientsDeps): void {
  const built = new WeakMap<StoredClient, Client>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    // the library asks with whatever a request has
    const stored = typeof id === 'string' && id !== '' ? await clientCache.find(id) : undefined;
    const known = stored && built.get(stored);
    if (known) return known;
    const client = await find(id);
    if (client) refetchUnknownKeys(client, clock);
    // one that changed in between was read again, and is another object of the cache's by now
    if (stored && client && (await clientCache.find(id)) === stored) built.set(stored, client);
    return client;
  };
}
