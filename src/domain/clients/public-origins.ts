import type { Clock } from '../../lib/clock.ts';
import type { StoredClient } from './client.ts';

const LONGEST_MS = 30_000;

const isPublic = ({ metadata }: StoredClient): boolean => metadata.token_endpoint_auth_method === 'none';

const originOf = (uri: string): string | undefined => {
  const url = URL.parse(uri);
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
};

export interface PublicOrigins {
  /** Returns whether a public client has a redirect URI with this origin, and so may run scripts there. */
  allowed(origin: string): Promise<boolean>;
  clear(): void;
}

/** The origins of all public clients' redirect URIs, cached in memory. */
export function publicOrigins(deps: { list: () => Promise<StoredClient[]>; clock: Clock }): PublicOrigins {
  let known: { origins: Set<string>; until: number } | undefined;
  let clears = 0;
  async function origins(): Promise<Set<string>> {
    const now = deps.clock.now().getTime();
    if (known && known.until > now) return known.origins;
    const before = clears;
    const uris = (await deps.list()).filter(isPublic).flatMap(({ metadata }) => metadata.redirect_uris ?? []);
    const found = new Set(uris.map(originOf).filter((origin) => origin !== undefined));
    // the result of a read that a change overtook is not kept
    if (clears === before) known = { origins: found, until: now + LONGEST_MS };
    return found;
  }
  return {
    allowed: async (origin) => (await origins()).has(origin),
    clear() {
      known = undefined;
      clears += 1;
    },
  };
}
