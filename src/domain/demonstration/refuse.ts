import type { Clients } from '../clients/clients.ts';
import { DEMONSTRATION_CLIENTS, DEMONSTRATION_SECRETS } from './demonstration.ts';

/**
 * The clients that still have a secret which the documentation publishes: production must not serve them. Only
 * operators write clients. What customers may write is never checked here, since it must not keep a server from
 * starting.
 */
export async function openDemonstration({ clients }: { clients: Pick<Clients, 'find'> }): Promise<string[]> {
  const ids = DEMONSTRATION_CLIENTS.map(({ metadata }) => metadata.client_id);
  const found = await Promise.all(ids.map((id) => clients.find(id)));
  return found
    .filter((client) => client?.secrets.some((secret) => DEMONSTRATION_SECRETS.includes(secret)))
    .map((client) => `client ${client?.metadata.client_id}`);
}
