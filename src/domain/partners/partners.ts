import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Reason } from '../../errors/reasons.ts';
import type { ClientMetadata, StoredClient } from '../clients/client.ts';
import type { ClientCache } from '../clients/client-cache.ts';
import { isSecretOf } from '../clients/client-secret.ts';
import type { Clients } from '../clients/clients.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import { signsIn } from '../upstream/binding-name.ts';

/** A permission that a partner's registration can grant; its name is a scope. */
export type Permission = 'accounts:lookup' | 'bindings:write';

/** Returns whether an id is that of a partner: partners are registered under decimal numbers. */
export const isPartnerId = (id: string): boolean => /^\d+$/.test(id);

/** Returns whether a client is a partner whose registration has the permission. */
export const isPermitted = (
  { client_id, scope }: Pick<ClientMetadata, 'client_id' | 'scope'>,
  permission: Permission,
): boolean => isPartnerId(client_id) && (scope ?? '').split(' ').includes(permission);

/** Returns whether a client may write bindings of a provider. */
export const mayBind = (metadata: ClientMetadata, provider: string): boolean =>
  isPermitted(metadata, 'bindings:write') &&
  (metadata.bindings ?? []).includes(provider) &&
  !signsIn(provider);

/** The clients that call the Partners API. */
export interface Partners {
  /** Returns the client with this id and secret. Throws `CLIENT_REFUSED` if either is wrong, in the same time. */
  authenticate(id: string, secret: string): Promise<StoredClient>;
  /** Throws `API_KEY_REFUSED` unless the key belongs to the client. */
  checkApiKey(client: StoredClient, apiKey: string): Promise<void>;
  /** Throws `CLIENT_NOT_PERMITTED` unless the client's registration has the permission. */
  checkPermission(client: StoredClient, permission: Permission): Promise<void>;
}

interface Deps {
  clients: Pick<Clients, 'find' | 'ofApiKey'>;
  clientCache: ClientCache;
  refusals: Pick<Refusals, 'note'>;
}

export function partners({ clients, clientCache, refusals }: Deps): Partners {
  /** Records the refusal and throws it. An id that is not registered is not recorded: it can be any text. */
  async function refuse(code: ErrorCode, reason: Reason, clientId?: string): Promise<never> {
    const subject = `client ${clientId ?? 'unknown'} ${reason}`;
    await refusals.note({ event: 'client.refused', reason, clientId }, { subject });
    throw new AppError(code, { reason });
  }

  return {
    async authenticate(id, secret) {
      const known = await clientCache.find(id);
      if (known && isSecretOf(known, secret)) return known;
      // the cache has just searched the database for an unknown id; a wrong secret is searched there as well, which
      // takes as long and finds a secret that another process has just created
      const fresh = known && (await clients.find(id));
      if (!isSecretOf(fresh, secret) || !fresh)
        return refuse('CLIENT_REFUSED', fresh ? 'wrong_secret' : 'unknown_client', fresh?.metadata.client_id);
      return fresh;
    },
    async checkApiKey({ metadata }, apiKey) {
      const owner = await clients.ofApiKey(apiKey);
      if (owner !== metadata.client_id) await refuse('API_KEY_REFUSED', 'wrong_api_key', metadata.client_id);
    },
    async checkPermission({ metadata }, permission) {
      if (!isPermitted(metadata, permission))
        await refuse('CLIENT_NOT_PERMITTED', 'client_not_allowed', metadata.client_id);
    },
  };
}
