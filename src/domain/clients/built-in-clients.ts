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
  // they get their tokens from an API of ours, never from the token endpoint
  grant_types: [],
  response_types: [],
  redirect_uris: [],
  scope: SCOPE,
});

/**
 * The clients that tokens of two of our own APIs are issued to. They have no secret until an operator makes
 * one (`client rotate-secret`), to introspect those tokens with.
 */
export const API_CLIENTS: readonly ClientMetadata[] = [
  builtIn('self-service', 'Self-service'),
  builtIn('keys', 'Keys'),
];

/** The console of operators, which signs them in by an authorization request of its own. */
export const CONSOLE_CLIENT = { id: 'console', callbackPath: '/console/callback' } as const;

/** The pages of "My account", which send people who are not signed in through an ordinary authorization request. */
export const ACCOUNT_CLIENT = {
  id: 'account',
  /** Where the answer to that request comes, below the issuer. */
  callbackPath: '/account/callback',
} as const;

const pages = (client_id: string, client_name: string): ClientMetadata => ({
  client_id,
  client_name,
  first_party: true,
  channel: 'web',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  // the one that it has follows the settings, which may change: see the client adapter
  redirect_uris: [],
  scope: 'openid',
});

/** Clients whose pages are our own. Their names are read in either language. */
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
      // another process that started at the same time was first
      if (!(error instanceof AppError && error.code === 'CLIENT_TAKEN')) throw error;
    }
  }
}
