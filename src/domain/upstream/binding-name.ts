import type { UpstreamSettings } from './connector.ts';

/** The provider of bindings whose external id is a Facebook user's, also of the Keys API. */
export const FACEBOOK_PROVIDER = 'facebook';

/** No client may write bindings with such names: they sign in. */
const PREFIX = 'upstream:';

/** Whether bindings with this name sign in by a provider of the settings. */
export const isUpstreamBinding = (provider: string): boolean => provider.startsWith(PREFIX);

/** Whether bindings with this name sign people in: only the owner of an account makes one. */
export const signsIn = (provider: string): boolean =>
  provider === FACEBOOK_PROVIDER || isUpstreamBinding(provider);

/** The name of the bindings that a provider of the settings signs in by. */
export const bindingName = ({ id, kind }: Pick<UpstreamSettings, 'id' | 'kind'>): string =>
  kind === 'facebook' ? FACEBOOK_PROVIDER : PREFIX + id;
