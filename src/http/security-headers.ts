import type { Context, Middleware } from 'koa';
import { YEAR_SECONDS } from '../lib/durations.ts';

const HSTS_SECONDS = YEAR_SECONDS;

/**
 * The policy of pages. It has no `form-action`: Chromium checks that for every redirect of a form post, so `'self'`
 * would block every sign-in that ends at a client. oidc-provider adds the hashes of its own scripts to a policy that
 * has `script-src` when its route starts.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface HeaderSettings {
  issuer: string;
  /** Whether https is also required for subdomains of the issuer's host (RFC 6797 §6.1.2). */
  hstsSubdomains: boolean;
}

/** The headers of every response. */
export function headersOfAll({ issuer, hstsSubdomains }: HeaderSettings): Record<string, string> {
  const hsts = `max-age=${HSTS_SECONDS}${hstsSubdomains ? '; includeSubDomains' : ''}`;
  return {
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    ...(new URL(issuer).protocol === 'https:' ? { 'Strict-Transport-Security': hsts } : {}),
  };
}

/** Sets the headers of every response before the handlers, which may override them (for a cacheable response). */
export function securityHeaders(settings: HeaderSettings): Middleware {
  const headers = headersOfAll(settings);
  return (ctx, next) => {
    ctx.set(headers);
    return next();
  };
}

/** Sets the headers of a page for browsers. For routes of oidc-provider, it must be called before the library runs. */
export function pageHeaders(ctx: Context): void {
  ctx.set({
    'Content-Security-Policy': PAGE_POLICY,
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
}

/** Allows a page with `pageHeaders` to load from these sources, by directive of its policy. */
export function allowSources(ctx: Context, sources: Readonly<Record<string, string>>): void {
  const policy = Object.entries(sources).reduce(
    (before, [directive, source]) =>
      before.includes(`${directive} 'self'`)
        ? before.replace(`${directive} 'self'`, `${directive} 'self' ${source}`)
        : `${before}; ${directive} ${source}`,
    PAGE_POLICY,
  );
  ctx.set('Content-Security-Policy', policy);
}

/** Sets the headers of a page that shows other pages of this server in frames. */
export function framingPageHeaders(ctx: Context): void {
  pageHeaders(ctx);
  ctx.set('Content-Security-Policy', `${PAGE_POLICY}; frame-src 'self'`);
}

/**
 * Sets the headers of a page that pages of this server may frame. `inlineStyles`: for mails, which have no style sheets
 * because mail programs do not support them.
 */
export function framedPageHeaders(ctx: Context, { inlineStyles }: { inlineStyles: boolean }): void {
  pageHeaders(ctx);
  const framed = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
  const policy = inlineStyles
    ? framed.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    : framed;
  ctx.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
}
