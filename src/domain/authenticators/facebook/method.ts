import { bindings } from '../../bindings/bindings.ts';
import { FACEBOOK_PROVIDER } from '../../upstream/binding-name.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** An access token of Facebook; accepted only by the Keys API. */
export const facebookMethod = {
  name: FACEBOOK_PROVIDER,
  step: 'first',
  acr: 'urn:pratu:acr:upstream',
  amr: ['fed'],
  kinds: ['delegated'],
  page: undefined,
  channel: undefined,
  enrolled: async (db, { id }, isUsableLink) =>
    isUsableLink(FACEBOOK_PROVIDER) &&
    (await bindings({ db }).list(id)).some(({ provider }) => provider === FACEBOOK_PROVIDER),
} as const satisfies AuthenticationMethod;
