import type { Clock } from '../../lib/clock.ts';
import { bindingName } from './binding-name.ts';
import type { UpstreamKind, UpstreamSettings } from './connector.ts';
import { connectorOf } from './connectors.ts';
import type { FacebookDeps } from './facebook.ts';
import { identityOfProvider } from './operated-rules.ts';
import { type UpstreamParty, upstreamParty } from './relying-party.ts';

/** A provider for sign-in. */
export interface UpstreamProvider {
  id: string;
  kind: UpstreamKind;
  name: { th: string; en: string };
  /** The name of its bindings. */
  binding: string;
  /** The identity that the links of accounts depend on: a person's id is unique only within it. */
  identity: string;
  /** The path that receives its responses. */
  callbackPath: string;
  party: UpstreamParty;
}

/** The providers currently available for sign-in. Read them when they are needed, and keep no copy. */
export interface UpstreamProviders {
  /** In the order of their buttons: the providers of the settings, then those added by operators. */
  readonly list: readonly UpstreamProvider[];
  find(id: string | undefined): UpstreamProvider | undefined;
}

export interface ChangeableProviders extends UpstreamProviders {
  /** The settings of the providers in the list. */
  readonly settings: readonly UpstreamSettings[];
  /** Replaces the providers added by operators. Omits those that the settings also contain or exclude. */
  replace(operated: readonly UpstreamSettings[]): void;
}

interface Deps extends FacebookDeps {
  issuer: string;
  /** The providers of the settings. */
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

/** The label of the provider's button. */
export const shownName = ({
  name,
  kind,
}: Pick<UpstreamSettings, 'name' | 'kind'>): UpstreamProvider['name'] =>
  name ?? { th: BRANDS[kind], en: BRANDS[kind] };

/** The path to which a provider sends its responses. */
export const callbackPathOf = (id: string): string => `/upstream/${id}/callback`;

/** One provider, with its party. */
export function upstreamProvider(
  one: UpstreamSettings,
  { issuer, clock, ...deps }: Omit<Deps, 'settings'>,
): UpstreamProvider {
  const { id, kind } = one;
  const callbackPath = callbackPathOf(id);
  const connector = connectorOf(one, deps);
  return {
    ...{ id, kind, callbackPath },
    name: shownName(one),
    binding: bindingName(one),
    identity: identityOfProvider(one),
    party: upstreamParty({
      ...{ settings: one, connector, fetch: deps.fetch, clock },
      redirectUri: issuer + callbackPath,
    }),
  };
}

interface Entry {
  settings: UpstreamSettings;
  provider: UpstreamProvider;
}

export function upstreamProviders({ settings: fixed, ...deps }: Deps): ChangeableProviders {
  const entryOf = (settings: UpstreamSettings): Entry => ({
    settings,
    provider: upstreamProvider(settings, deps),
  });
  const ofSettings = fixed.map(entryOf);
  let operated: readonly Entry[] = [];
  let list = ofSettings.map(({ provider }) => provider);

  const isExcluded = ({ id, kind }: UpstreamSettings): boolean =>
    fixed.some((one) => one.id === id || (kind === 'facebook' && one.kind === kind));

  return {
    get list() {
      return list;
    },
    get settings() {
      return [...fixed, ...operated.map(({ settings }) => settings)];
    },
    find: (id) => list.find((one) => one.id === id),
    replace(wanted) {
      const before = new Map(operated.map((entry) => [JSON.stringify(entry.settings), entry]));
      // an unchanged provider keeps its cached discovery
      operated = wanted
        .filter((one) => !isExcluded(one))
        .map((one) => before.get(JSON.stringify(one)) ?? entryOf(one));
      list = [...ofSettings, ...operated].map(({ provider }) => provider);
    },
  };
}
