import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Reason } from '../../errors/reasons.ts';
import type { ClientMetadata, StoredClient } from '../clients/client.ts';
import type { ClientCache } from '../clients/client-cache.ts';
import { isSecretOf } from '../clients/client-secret.ts';
import type { Clients } from '../clients/clients.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import { signsIn } from '../upstream/binding-name.ts';

/** What a partner's registration may allow; its names are scopes. */
export type Permission = 'accounts:lookup' | 'bindings:write';

/** Partners are registered under decimal numbers. */
export const isPartnerId = (id: string): boolean => /^\d+$/.test(id);

/** Whether a client is a partner whose registration has the permission. */
export const isPermitted = (
  { client_id, scope }: Pick<ClientMetadata, 'client_id' | 'scope'>,
  permission: Permission,
): boolean => isPartnerId(client_id) && (scope ?? '').split(' ').includes(permission);

/** Whether a client may write bindings of a provider. */
export const mayBind = (metadata: ClientMetadata, provider: string): boolean =>
  isPermitted(metadata, 'bindings:write') &&
  (metadata.bindings ?? []).includes(provider) &&
  !signsIn(provider);

/** The clients that call the Partners API. */
export interface Partners {
  /** The client with this id and secret. Throws `CLIENT_REFUSED`, for both reasons in the same time. */
  authenticate(id: string, secret: string): Promise<StoredClient>;
  /** Throws `API_KEY_REFUSED` unless the key is one of the client's. */
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
  /** An id that no client has is not recorded: it may be anything. */
  async function refuse(code: ErrorCode, reason: Reason, clientId?: string): Promise<never> {
    const subject = `client ${clientId ?? 'unknown'} ${reason}`;
    await refusals.note({ event: 'client.refused', reason, clientId }, { subject });
    throw new AppError(code, { reason });
  }

  return {
    async authenticate(id, secret) {
      const known = await clientCache.find(id);
      if (known && isSecretOf(known, secret)) return known;
      // an unknown id was just looked for in the database; a wrong secret is looked for there as well,
      // which takes as long, and finds one that another process has made this moment
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
