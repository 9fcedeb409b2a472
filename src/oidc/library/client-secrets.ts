import type { Provider } from 'oidc-provider';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import { isSecretOf } from '../../domain/clients/client-secret.ts';

export interface CompareSecretsDeps {
  clientCache: ClientCache;
}

/** Accepts both secrets of a client during a change of its secret. Compares them in constant time. */
export function compareAllSecrets(provider: Provider, { clientCache }: CompareSecretsDeps): void {
  const prototype = provider.Client.prototype as {
    clientId: string;
    compareClientSecret(actual: string): Promise<boolean>;
  };
  prototype.compareClientSecret = async function compareClientSecret(actual) {
    return isSecretOf(await clientCache.find(this.clientId), actual);
  };
}
