import type { Clock } from '../../lib/clock.ts';
import { HOUR_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';
import { type Logo, logoTypeOf } from './logo.ts';

export interface Logos {
  /** Returns the picture at an address; undefined when it cannot be fetched, is too large or is not a picture. */
  find(uri: string): Promise<Logo | undefined>;
}

interface Deps {
  /** Rejects addresses of internal networks, redirects, and responses of more than `MAX_LOGO_BYTES`. */
  fetch: (uri: string, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

const CACHED_MS = HOUR_SECONDS * 1000;
/** How long a failure is cached, so that not every sign-in queries a host that is down. */
const MISSED_MS = 5 * MINUTE_SECONDS * 1000;
/** The limits on all cached pictures. The oldest entries are evicted first. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST = 500;

interface CachedLogo {
  until: number;
  size: number;
  logo: Promise<Logo | undefined>;
}

/**
 * Fetches the logos of clients on the server. A client's host receives no information about the people who sign in, and
 * can add nothing but a picture to the page. Each process has its own cache; requests during a fetch wait for the same
 * response.
 */
export function logos({ fetch, clock }: Deps): Logos {
  const cached = new Map<string, CachedLogo>();
  let bytes = 0;

  function forget(uri: string): void {
    bytes -= cached.get(uri)?.size ?? 0;
    cached.delete(uri);
  }

  async function read(uri: string): Promise<Logo | undefined> {
    const answer = await fetch(uri, { headers: { accept: 'image/*' } });
    if (answer.status !== 200 || !/^image\//i.test(answer.headers.get('content-type') ?? ''))
      return undefined;
    const file = Buffer.from(await answer.arrayBuffer());
    const type = logoTypeOf(file);
    return type && { type, bytes: file };
  }

  async function fetched(uri: string, entry: CachedLogo): Promise<Logo | undefined> {
    const logo = await read(uri).catch(() => undefined);
    entry.until = clock.now().getTime() + (logo ? CACHED_MS : MISSED_MS);
    // the entry may have been evicted in the meantime
    if (cached.get(uri) !== entry) return logo;
    entry.size = logo?.bytes.length ?? 0;
    bytes += entry.size;
    for (const oldest of cached.keys()) {
      if (bytes <= MOST_BYTES) break;
      forget(oldest);
    }
    return logo;
  }

  return {
    find(uri) {
      const known = cached.get(uri);
      if (known && clock.now().getTime() < known.until) return known.logo;
      forget(uri);
      if (cached.size >= MOST) forget(cached.keys().next().value as string);
      const entry: CachedLogo = {
        until: Number.POSITIVE_INFINITY,
        size: 0,
        logo: Promise.resolve(undefined),
      };
      cached.set(uri, entry);
      entry.logo = fetched(uri, entry);
      return entry.logo;
    },
  };
}
