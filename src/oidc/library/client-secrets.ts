import { timingSafeEqual } from 'node:crypto';
import type { Provider } from 'oidc-provider';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import { sha256 } from '../../lib/sha256.ts';

export interface CompareSecretsDeps {
  clientCache: ClientCache;
}

/** A client that changes its secret has two for a while: both are right. Compared in constant time. */
export function compareAllSecrets(provider: Provider, { clientCache }: CompareSecretsDeps): void {
  const prototype = provider.Client.prototype as {
    clientId: string;
    compareClientSecret(actual: string): Promise<boolean>;
  };
  prototype.compareClientSecret = async function compareClientSecret(actual) {
    const client = await clientCache.find(this.clientId);
    const given = sha256(actual);
    return (client?.secrets ?? []).reduce(
      (right, secret) => timingSafeEqual(sha256(secret), given) || right,
      false,
    );
  };
}
