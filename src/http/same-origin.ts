import type { Context } from 'koa';
import { isLoopbackHost } from './hosts.ts';

export interface SameOriginSettings {
  issuer: string;
  /** Also accepts pages shown under another loopback name of the same port. */
  development: boolean;
}

/** `localhost:3000` → `3000`; the port that the browser named, empty for the default one. */
const portOf = (host: string): string => /:(\d+)$/.exec(host)?.[1] ?? '';

/**
 * Whether a request comes from one of our own pages, as far as the browser says. `Origin: null` is what it sends from a
 * page with `Referrer-Policy: no-referrer`, as ours are; it tells nothing, so then `Sec-Fetch-Site` has to vouch.
 * Only very old browsers and programs send neither; for them the form's token alone decides.
 */
export function sameOrigin({ issuer, development }: SameOriginSettings): (ctx: Context) => boolean {
  const ours = new URL(issuer);

  function isOurs(ctx: Context, origin: string): boolean {
    if (origin === ours.origin) return true;
    if (!development || !URL.canParse(origin)) return false;
    const { protocol, host } = new URL(origin);
    const called = ctx.get('Host');
    return (
      protocol === ours.protocol &&
      isLoopbackHost(host) &&
      isLoopbackHost(called) &&
      portOf(host) === portOf(called)
    );
  }

  return (ctx) => {
    const site = ctx.get('Sec-Fetch-Site');
    if (site !== '' && site !== 'same-origin' && site !== 'none') return false;
    const origin = ctx.get('Origin');
    if (origin === '') return true;
    return origin === 'null' ? site !== '' : isOurs(ctx, origin);
  };
}
