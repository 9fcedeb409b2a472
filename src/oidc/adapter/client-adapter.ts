import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ClientMetadata, StoredClient } from '../../domain/clients/client.ts';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { AppError } from '../../errors/app-error.ts';
import { DEFAULT_CLIENT_SCOPE } from '../scopes/scopes.ts';

export interface ClientAdapterDeps {
  clients: Clients;
  clientCache: ClientCache;
  /** The redirect URIs of the clients of Pratu's own pages, by client ID. They follow the settings. */
  pageCallbacks: ReadonlyMap<string, string>;
}

const refuse = async (): Promise<never> => {
  throw new Error('clients are found by their id only');
};

/** The library does not accept an empty list of scopes. This scope is useless to a client that signs no user in. */
const NO_SCOPE = 'openid';

/** Returns a client's registration in the library's format: with its newest secret, and always with a scope. */
function libraryMetadata(
  { metadata, secrets }: StoredClient,
  pageCallbacks: ClientAdapterDeps['pageCallbacks'],
): AdapterPayload {
  const callback = pageCallbacks.get(metadata.client_id);
  return {
    ...metadata,
    ...(callback === undefined ? {} : { redirect_uris: [callback] }),
    scope: metadata.scope === '' ? NO_SCOPE : (metadata.scope ?? DEFAULT_CLIENT_SCOPE),
    ...(secrets[0] === undefined ? {} : { client_secret: secrets[0] }),
  } as AdapterPayload;
}

/** Stores clients: reads through the cache; writes for dynamic registration and its management (RFC 7591, RFC 7592). */
export const clientAdapter = ({ clients, clientCache, pageCallbacks }: ClientAdapterDeps): Adapter => ({
  async find(id) {
    const client = await clientCache.find(id);
    return client && libraryMetadata(client, pageCallbacks);
  },
  async upsert(id, payload) {
    const { client_secret: secret, client_secret_expires_at: _expiry, ...metadata } = payload;
    const registration = metadata as unknown as ClientMetadata;
    const known = await clients.find(id);
    if (!known) {
      await clients.create(registration, secret === undefined ? {} : { secret }, { dynamic: true });
      return;
    }
    await clients.change(registration);
    if (secret !== undefined && !known.secrets.includes(secret))
      await clients.rotateSecret(id, 0, { secret });
  },
  async destroy(id) {
    try {
      await clients.remove(id);
    } catch (error) {
      // removed concurrently: this is the requested outcome
      if (!(error instanceof AppError && error.code === 'CLIENT_NOT_FOUND')) throw error;
    }
  },
  findByUid: refuse,
  findByUserCode: refuse,
  consume: refuse,
  revokeByGrantId: refuse,
});
