import type { Middleware } from 'koa';
import type { StoredClient } from '../../domain/clients/client.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import type { ListedClient } from '../page-data/console-clients-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  clients: Pick<Clients, 'list'>;
  timeZone: string;
}

export const CLIENTS_PATH = '/console/clients';
const ON_PAGE = 25;

/** The kinds of the client, as named in the list. */
export function kindsOf({ metadata, dynamic }: StoredClient): ListedClient['kinds'] {
  const { first_party: firstParty, token_profile: profile, token_endpoint_auth_method: method } = metadata;
  return [
    ...(firstParty ? (['first_party'] as const) : []),
    ...(profile === 'partner' ? (['partner'] as const) : []),
    ...(metadata.fapi_profile === undefined ? [] : (['fapi_2'] as const)),
    ...(method === 'none' ? (['public'] as const) : []),
    ...(dynamic ? (['dynamic'] as const) : []),
  ];
}

const idOf = ({ metadata }: StoredClient): string => metadata.client_id;

/** `/console/clients`: all clients, sorted by ID. */
export const clientsPage = (area: ConsoleArea, { clients, timeZone }: Deps): Middleware => {
  const written = momentWriter(timeZone);
  return consolePage(area, {
    name: 'console/clients',
    path: CLIENTS_PATH,
    scope: 'admin:clients:read',
    outcomes: ['client_removed'],
    async load({ query }) {
      const page = { limit: ON_PAGE, after: query.after || undefined };
      const { data, next } = pageOfAll('clients', await clients.list(), page, idOf);
      return {
        clients: data.map((client) => ({
          id: idOf(client),
          name: client.metadata.client_name ?? idOf(client),
          kinds: kindsOf(client),
          createdAt: written(client.createdAt),
        })),
        next: next === null ? null : `?${new URLSearchParams({ after: next })}`,
      };
    },
  });
};
