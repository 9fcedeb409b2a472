import type { Send } from '../messages/message.ts';
import type { UpstreamProviders } from './providers.ts';

/**
 * Revokes one token. Throws for a provider that is not configured in this process, such as while a deployment is
 * being updated: the outbox tries again, and gives up in the end.
 */
export const revokeToken =
  (providers: Pick<UpstreamProviders, 'list'>): Send<'revocation'> =>
  async ({ content: { binding, token } }) => {
    const provider = providers.list.find((one) => one.binding === binding);
    if (!provider) throw new Error(`no provider with the links ${binding}`);
    await provider.party.revoke(token);
  };
