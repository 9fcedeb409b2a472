import type { Send } from '../messages/message.ts';
import type { UpstreamProviders } from './providers.ts';

/**
 * Revokes one token. Throws for a provider that is not configured in this process, for example during a rolling update.
 * The outbox then retries, and eventually gives up.
 */
export const revokeToken =
  (providers: Pick<UpstreamProviders, 'list'>): Send<'revocation'> =>
  async ({ content: { binding, token } }) => {
    const provider = providers.list.find((one) => one.binding === binding);
    if (!provider) throw new Error(`no provider with the links ${binding}`);
    await provider.party.revoke(token);
  };
