import { bindings } from '../../bindings/bindings.ts';
import { isUpstreamBinding } from '../../upstream/binding-name.ts';
import type { AuthenticationMethod } from '../authenticator.ts';

/** A sign-in at a configured identity provider. */
export const upstreamMethod = {
  name: 'upstream',
  step: 'first',
  acr: 'urn:pratu:acr:upstream',
  amr: ['fed'],
  kinds: ['delegated'],
  page: 'upstream',
  channel: undefined,
  enrolled: async (db, { id }, isUsableLink) =>
    (await bindings({ db }).list(id)).some(
      ({ provider }) => isUpstreamBinding(provider) && isUsableLink(provider),
    ),
} as const satisfies AuthenticationMethod;
