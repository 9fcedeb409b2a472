import type { UpstreamSettings } from './connector.ts';

/** The provider name of bindings whose external id is a Facebook user id, also in the Keys API. */
export const FACEBOOK_PROVIDER = 'facebook';

/** The prefix of bindings that can be used to sign in. Clients cannot write bindings with such names. */
const PREFIX = 'upstream:';

/** Whether bindings with this name are used to sign in with a configured provider. */
export const isUpstreamBinding = (provider: string): boolean => provider.startsWith(PREFIX);

/** Whether bindings with this name are used to sign in; only the owner of an account can create one. */
export const signsIn = (provider: string): boolean =>
  provider === FACEBOOK_PROVIDER || isUpstreamBinding(provider);

/** The name of the bindings of a configured provider. */
export const bindingName = ({ id, kind }: Pick<UpstreamSettings, 'id' | 'kind'>): string =>
  kind === 'facebook' ? FACEBOOK_PROVIDER : PREFIX + id;
