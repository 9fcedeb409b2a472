import type { Clients } from '../clients/clients.ts';
import type { Contacts } from '../contacts/contacts.ts';
import { parseMobile } from '../contacts/mobile.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { DEMONSTRATION_ACCOUNT, DEMONSTRATION_CLIENTS, DEMONSTRATION_SECRETS } from './demonstration.ts';

interface Deps {
  clients: Pick<Clients, 'find'>;
  contacts: Pick<Contacts, 'holder'>;
  credentials: Pick<Credentials, 'matches'>;
}

async function openClients({ clients }: Deps): Promise<string[]> {
  const ids = DEMONSTRATION_CLIENTS.map(({ metadata }) => metadata.client_id);
  const found = await Promise.all(ids.map((id) => clients.find(id)));
  return found
    .filter((client) => client?.secrets.some((secret) => DEMONSTRATION_SECRETS.includes(secret)))
    .map((client) => `client ${client?.metadata.client_id}`);
}

async function openAccount({ contacts, credentials }: Deps): Promise<string[]> {
  const { mobile, password } = DEMONSTRATION_ACCOUNT;
  const id = await contacts.holder('mobile', parseMobile(mobile) ?? mobile);
  return id !== undefined && (await credentials.matches(id, password)) ? [`account ${id}`] : [];
}

/**
 * The clients and accounts that still have a secret or a password which the documentation publishes: production must
 * not serve them.
 */
export const openDemonstration = async (deps: Deps): Promise<string[]> => [
  ...(await openClients(deps)),
  ...(await openAccount(deps)),
];
