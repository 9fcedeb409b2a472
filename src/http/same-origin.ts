import type { Context } from 'koa';
import { isLoopbackHost } from './hosts.ts';

export interface SameOriginSettings {
  issuer: string;
  /** Also accepts pages of another loopback name on the same port. */
  development: boolean;
}

/** `localhost:3000` → `3000`; empty for the default port. */
const portOf = (host: string): string => /:(\d+)$/.exec(host)?.[1] ?? '';

/**
 * Checks whether a request comes from one of the server's own pages, according to the headers of the browser. A page
 * with `Referrer-Policy: no-referrer`, as these are, sends `Origin: null`, which is inconclusive, so `Sec-Fetch-Site`
 * is required. Only very old browsers and programs send neither header; for them, only the token of the form is
 * checked.
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
