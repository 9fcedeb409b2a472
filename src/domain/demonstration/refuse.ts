import type { Clients } from '../clients/clients.ts';
import { DEMONSTRATION_CLIENTS, DEMONSTRATION_SECRETS } from './demonstration.ts';

/**
 * Returns the clients that still have a secret published in the documentation, which production must not serve. Only
 * operators write clients. Data that customers can write is never checked here: it must not prevent a server from
 * starting.
 */
export async function openDemonstration({ clients }: { clients: Pick<Clients, 'find'> }): Promise<string[]> {
  const ids = DEMONSTRATION_CLIENTS.map(({ metadata }) => metadata.client_id);
  const found = await Promise.all(ids.map((id) => clients.find(id)));
  return found
    .filter((client) => client?.secrets.some((secret) => DEMONSTRATION_SECRETS.includes(secret)))
    .map((client) => `client ${client?.metadata.client_id}`);
}
