import { AppError } from '../../errors/app-error.ts';
import type { ClientMetadata } from './client.ts';
import type { Clients } from './clients.ts';
import { NEW_SECRET } from './new-secrets.ts';

export type BuiltInClientId = 'self-service' | 'keys';

const SCOPE = 'openid profile email phone global';

const builtIn = (client_id: BuiltInClientId, client_name: string): ClientMetadata => ({
  client_id,
  client_name,
  first_party: true,
  channel: 'web',
  // they receive tokens from an API of this server, never from the token endpoint
  grant_types: [],
  response_types: [],
  redirect_uris: [],
  scope: SCOPE,
});

/**
 * The clients to which tokens for two of this server's own APIs are issued. They have no secret until an operator
 * generates one (`client rotate-secret`), which they need for introspecting those tokens.
 */
export const API_CLIENTS: readonly ClientMetadata[] = [
  builtIn('self-service', 'Self-service'),
  builtIn('keys', 'Keys'),
];

/** The operators' console, which signs them in with its own authorization request. */
export const CONSOLE_CLIENT = { id: 'console', callbackPath: '/console/callback' } as const;

/** The pages of "My account", which send people who are not signed in through an ordinary authorization request. */
export const ACCOUNT_CLIENT = {
  id: 'account',
  /** The callback of that request, below the issuer. */
  callbackPath: '/account/callback',
} as const;

const pages = (client_id: string, client_name: string): ClientMetadata => ({
  client_id,
  client_name,
  first_party: true,
  channel: 'web',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  // its redirect URI follows from the settings, which may change: see the client adapter
  redirect_uris: [],
  scope: 'openid',
});

/** Clients for this server's own pages. Their names are readable in either language. */
const PAGE_CLIENTS: readonly ClientMetadata[] = [
  pages(ACCOUNT_CLIENT.id, 'บัญชีของฉัน (My account)'),
  pages(CONSOLE_CLIENT.id, 'คอนโซลผู้ดูแล (Console)'),
];

/** Registers those that are missing: at the first start, and after one was removed. */
export async function ensureBuiltInClients(clients: Pick<Clients, 'find' | 'create'>): Promise<void> {
  for (const metadata of [...API_CLIENTS, ...PAGE_CLIENTS]) {
    if (await clients.find(metadata.client_id)) continue;
    try {
      await clients.create(metadata, { secret: NEW_SECRET.secret() });
    } catch (error) {
      // another process that started simultaneously has registered it
      if (!(error instanceof AppError && error.code === 'CLIENT_TAKEN')) throw error;
    }
  }
}
