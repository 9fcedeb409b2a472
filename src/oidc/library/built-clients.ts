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
 * Keeps the library's client together with the stored one that it was built from, for as long as that one is cached.
 * Otherwise the library would serialize the whole registration and hash it for every request, to detect changes.
 */
export function keepBuiltClients(provider: Provider, { clientCache, clock }: BuiltClientsDeps): void {
  const built = new WeakMap<StoredClient, Client>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    // the library passes on any value that a request contains
    const stored = typeof id === 'string' && id !== '' ? await clientCache.find(id) : undefined;
    const known = stored && built.get(stored);
    if (known) return known;
    const client = await find(id);
    if (client) refetchUnknownKeys(client, clock);
    // a client that changed in between was read again, and is another object in the cache by now
    if (stored && client && (await clientCache.find(id)) === stored) built.set(stored, client);
    return client;
  };
}
