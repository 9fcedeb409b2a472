import type { Send } from '../messages/message.ts';
import type { UpstreamProviders } from './providers.ts';

/** Revokes one token. That of a provider which is configured no more cannot be revoked. */
export const revokeToken =
  (providers: Pick<UpstreamProviders, 'list'>): Send<'revocation'> =>
  async ({ content: { binding, token } }) => {
    await providers.list.find((one) => one.binding === binding)?.party.revoke(token);
  };
