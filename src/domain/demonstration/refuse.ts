import type { Clients } from '../clients/clients.ts';
import { DEMONSTRATION_CLIENTS, DEMONSTRATION_SECRETS } from './demonstration.ts';

/** The ids of clients that still have a secret which the documentation publishes: production must not serve them. */
export async function demonstrationClients(clients: Clients): Promise<string[]> {
  const ids = DEMONSTRATION_CLIENTS.map(({ metadata }) => metadata.client_id);
  const found = await Promise.all(ids.map((id) => clients.find(id)));
  return found
    .filter((client) => client?.secrets.some((secret) => DEMONSTRATION_SECRETS.includes(secret)))
    .map((client) => client?.metadata.client_id ?? '');
}
