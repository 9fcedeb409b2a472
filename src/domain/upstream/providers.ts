import type { Clock } from '../../lib/clock.ts';
import { bindingName } from './binding-name.ts';
import type { UpstreamKind, UpstreamSettings } from './connector.ts';
import { connectorOf } from './connectors.ts';
import type { FacebookDeps } from './facebook.ts';
import { type UpstreamParty, upstreamParty } from './relying-party.ts';

/** A provider that people may sign in with. */
export interface UpstreamProvider {
  id: string;
  kind: UpstreamKind;
  name: { th: string; en: string };
  /** The name of its bindings. */
  binding: string;
  /** Where its responses come. */
  callbackPath: string;
  party: UpstreamParty;
}

/** The providers of the settings. */
export interface UpstreamProviders {
  /** In the order of their buttons. */
  list: readonly UpstreamProvider[];
  find(id: string | undefined): UpstreamProvider | undefined;
}

interface Deps extends FacebookDeps {
  issuer: string;
  settings: readonly UpstreamSettings[];
  clock: Clock;
}

const BRANDS = {
  google: 'Google',
  line: 'LINE',
  apple: 'Apple',
  facebook: 'Facebook',
  oidc: 'OpenID',
} as const;

export function upstreamProviders({ issuer, settings, clock, ...deps }: Deps): UpstreamProviders {
  const list = settings.map((one): UpstreamProvider => {
    const { id, kind } = one;
    const callbackPath = `/upstream/${id}/callback`;
    const connector = connectorOf(one, deps);
    const redirectUri = issuer + callbackPath;
    return {
      ...{ id, kind, callbackPath },
      name: one.name ?? { th: BRANDS[kind], en: BRANDS[kind] },
      binding: bindingName(one),
      party: upstreamParty({ settings: one, connector, redirectUri, fetch: deps.fetch, clock }),
    };
  });
  return { list, find: (id) => list.find((one) => one.id === id) };
}
