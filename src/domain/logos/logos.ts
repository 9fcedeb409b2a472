import type { Clock } from '../../lib/clock.ts';
import { HOUR_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';
import { type Logo, logoTypeOf } from './logo.ts';

export interface Logos {
  /** The picture at an address; undefined when it cannot be had, is too large, or is no picture. */
  find(uri: string): Promise<Logo | undefined>;
}

interface Deps {
  /** Refuses addresses of our own networks, redirects, and more than `MAX_LOGO_BYTES`. */
  fetch: (uri: string, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

const CACHED_MS = HOUR_SECONDS * 1000;
/** A host that is down is not asked by everybody who signs in. */
const MISSED_MS = 5 * MINUTE_SECONDS * 1000;
/** Of all cached pictures; the ones that were fetched first go. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST = 500;

interface CachedLogo {
  until: number;
  size: number;
  logo: Promise<Logo | undefined>;
}

/**
 * Pictures of clients, fetched by the server: the client's host hears nothing of who signs in, and can put nothing into
 * the page but a picture. Each process has a cache of its own; requests during a fetch wait for the same
 * answer.
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
    // it may have had to go meanwhile
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
