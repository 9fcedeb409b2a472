import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { createRequire } from 'node:module';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { isPublicAddress, networkMatcher } from './addresses.ts';
import { lazy } from './lazy.ts';

export type OutboundReason = 'scheme' | 'address' | 'redirect' | 'size' | 'timeout' | 'network';

/** An outbound request that was refused or failed. The message contains no URL, since its query may be secret. */
export class OutboundError extends Error {
  readonly reason: OutboundReason;

  constructor(reason: OutboundReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
    this.reason = reason;
  }
}

export interface OutboundSettings {
  /** The host names (exact) and networks (`10.1.0.0/16`) that may be internal and use plain http. */
  allow: readonly string[];
  /** The limit of the whole request, from name resolution to the last byte. */
  timeoutMs: number;
  /** The maximum size of a response, after decompression. */
  maxBytes: number;
  lookup?: typeof systemLookup;
}

export interface Outbound {
  /** Like the global `fetch`, but throws `OutboundError` and has read the response when it returns. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Throws the `OutboundError` of a request whose URL or address would be refused; sends no request. */
  check(url: string | URL): Promise<void>;
  /** Closes the connections kept alive. */
  close(): Promise<void>;
}

/** Loaded at the first request, as a server may never make one. */
const undici = lazy(() => createRequire(import.meta.url)('undici') as typeof import('undici'));

/** The host of a URL in the form of `allow`, without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const NULL_BODY = new Set([204, 205, 304]);

/** Returns why an address must not be connected to; undefined if it is allowed. */
type Refuse = (address: string) => OutboundError | undefined;

/** The host lookup and the connections for one kind of URL. */
interface Route {
  refuse: Refuse;
  lookup: LookupFunction;
  agent: () => Agent;
}

/** Resolves a name, and refuses it if any of its addresses is refused. */
function guardedLookup(lookup: typeof systemLookup, refuse: Refuse): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    lookup(hostname, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
      if (error) return callback(error, []);
      const [first] = found;
      if (!first) return callback(new OutboundError('network', 'the host name has no address'), []);
      const [refusal] = found.flatMap(({ address }) => refuse(address) ?? []);
      if (refusal) return callback(refusal, []);
      if (options.all) return callback(null, found);
      return callback(null, first.address, first.family);
    });
  };
}

function failureOf(error: unknown): OutboundError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause;
    if (cause.name === 'TimeoutError') return new OutboundError('timeout', 'the request took too long');
  }
  return new OutboundError('network', 'the request failed', error);
}

async function readBounded(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body ?? []) {
    received += chunk.byteLength;
    // leaving the loop cancels the stream, which closes the connection
    if (received > maxBytes) throw new OutboundError('size', `the response is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Requests to addresses that a client or a person may have chosen. The resolved address is checked when the connection
 * is made, so neither a name of an internal address nor DNS rebinding reaches an internal service.
 *
 * Redirects are failures, and proxy settings of the environment are ignored. Suitable for oidc-provider's `fetch`
 * setting: its dispatcher is replaced, its signal is kept.
 */
export function outbound({ allow, timeoutMs, maxBytes, lookup = systemLookup }: OutboundSettings): Outbound {
  const names = new Set(allow.filter((entry) => !entry.includes('/')).map((entry) => entry.toLowerCase()));
  const inAllowedNetwork = networkMatcher(allow.filter((entry) => entry.includes('/')));

  const made: Agent[] = [];
  function route(refuse: Refuse): Route {
    const guarded = guardedLookup(lookup, refuse);
    return {
      refuse,
      lookup: guarded,
      agent: lazy(() => {
        const one = new (undici().Agent)({ connect: { lookup: guarded, timeout: timeoutMs } });
        made.push(one);
        return one;
      }),
    };
  }
  const internal = (address: string): OutboundError | undefined =>
    inAllowedNetwork(address) || isPublicAddress(address)
      ? undefined
      : new OutboundError('address', 'the address is not allowed');
  const named = route(() => undefined);
  const secure = route(internal);
  const plain = route(
    (address) =>
      internal(address) ??
      (inAllowedNetwork(address) ? undefined : new OutboundError('scheme', 'only https is allowed')),
  );

  /** The route for a URL; throws if there is none. */
  function routeOf(url: URL): Route {
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new OutboundError('scheme', 'only http and https are allowed');
    const host = hostOf(url);
    if (names.has(host)) return named;
    const found = url.protocol === 'https:' ? secure : plain;
    // a connection to an IP literal uses no resolver, so the literal is checked here
    const refusal = isIP(host) ? found.refuse(host) : undefined;
    if (refusal) throw refusal;
    return found;
  }

  async function request(input: Request): Promise<Response> {
    const dispatcher = routeOf(new URL(input.url)).agent();
    const response = await undici().fetch(input.url, {
      method: input.method,
      headers: [...input.headers],
      body: input.body ? Buffer.from(await input.arrayBuffer()) : null,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), input.signal]),
      dispatcher,
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new OutboundError('redirect', 'the response is a redirect');
    }
    const body = await readBounded(response.body, maxBytes);
    const headers = new Headers([...response.headers]);
    // these describe the bytes received, not those returned
    headers.delete('content-encoding');
    headers.delete('content-length');
    const { status, statusText } = response;
    return new Response(NULL_BODY.has(status) ? null : new Uint8Array(body), { status, statusText, headers });
  }

  return {
    async fetch(url, init = {}) {
      try {
        // the caller's dispatcher belongs to another undici; the one of this module replaces it
        return await request(new Request(url, { ...init, dispatcher: undefined } as RequestInit));
      } catch (error) {
        throw failureOf(error);
      }
    },
    async check(url) {
      const target = new URL(url);
      const { lookup: guarded } = routeOf(target);
      const host = hostOf(target);
      if (isIP(host)) return;
      await new Promise<void>((permitted, refused) =>
        guarded(host, { all: true }, (error) => (error ? refused(failureOf(error)) : permitted())),
      );
    },
    async close() {
      await Promise.all(made.map((each) => each.close()));
    },
  };
}
