import { type ClientCache, clientCache } from '../domain/clients/client-cache.ts';
import { type Clients, clients } from '../domain/clients/clients.ts';
import { type PublicOrigins, publicOrigins } from '../domain/clients/public-origins.ts';
import type { DomainDeps, Foundation } from './foundation.ts';

export interface ComposedClients {
  clients: Clients;
  clientCache: ClientCache;
  publicOrigins: PublicOrigins;
  /** Called when another process has changed clients. */
  forgetClients(): void;
}

/** Clients, and the caches of this process, which are cleared when a client changes. */
export function composeClients(
  { db, keyring, clock }: Foundation,
  { onClientsChanged }: Pick<DomainDeps, 'onClientsChanged'>,
): ComposedClients {
  const stored = clients({
    db,
    keyring,
    changed: () => {
      forgetClients();
      onClientsChanged?.();
    },
  });
  const cache = clientCache({ read: stored.find, clock });
  const origins = publicOrigins({ list: stored.list, clock });
  function forgetClients(): void {
    cache.clear();
    origins.clear();
  }
  return { clients: stored, clientCache: cache, publicOrigins: origins, forgetClients };
}
