import type { Send } from '../messages/message.ts';
import type { UpstreamProviders } from './providers.ts';

/** Revokes one token. That of a provider which is in the settings no more cannot be revoked. */
export const revokeToken =
  ({ list }: Pick<UpstreamProviders, 'list'>): Send<'revocation'> =>
  async ({ content: { binding, token } }) => {
    await list.find((one) => one.binding === binding)?.party.revoke(token);
  };
