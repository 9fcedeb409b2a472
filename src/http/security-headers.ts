import type { Context, Middleware } from 'koa';
import { YEAR_SECONDS } from '../lib/durations.ts';

const HSTS_SECONDS = YEAR_SECONDS;

/**
 * There is no `form-action`: Chromium checks it along the whole chain of redirects of a form post, so `'self'`
 * would block every sign-in that ends at a client. oidc-provider adds the hashes of its own scripts to a
 * policy that has `script-src` when its route starts.
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
  /** https is also required for the names below the issuer's (RFC 6797 §6.1.2). */
  hstsSubdomains: boolean;
}

/** The headers of every answer. */
export function headersOfAll({ issuer, hstsSubdomains }: HeaderSettings): Record<string, string> {
  const hsts = `max-age=${HSTS_SECONDS}${hstsSubdomains ? '; includeSubDomains' : ''}`;
  return {
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    ...(new URL(issuer).protocol === 'https:' ? { 'Strict-Transport-Security': hsts } : {}),
  };
}

/** Sets the headers of every answer before the handlers, so that they may say otherwise (a cacheable answer). */
export function securityHeaders(settings: HeaderSettings): Middleware {
  const headers = headersOfAll(settings);
  return (ctx, next) => {
    ctx.set(headers);
    return next();
  };
}

/** The headers of what a browser shows; for routes of oidc-provider to be set before it runs. */
export function pageHeaders(ctx: Context): void {
  ctx.set({
    'Content-Security-Policy': PAGE_POLICY,
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
}

/** Lets a page that was given `pageHeaders` load what these sources have, by directive of its policy. */
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

/** A page that shows other pages of this server in frames. */
export function framingPageHeaders(ctx: Context): void {
  pageHeaders(ctx);
  ctx.set('Content-Security-Policy', `${PAGE_POLICY}; frame-src 'self'`);
}

/** A page that a page of this server may frame. `inlineStyles`: for mails, whose readers know no style sheets. */
export function framedPageHeaders(ctx: Context, { inlineStyles }: { inlineStyles: boolean }): void {
  pageHeaders(ctx);
  const framed = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
  const policy = inlineStyles
    ? framed.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    : framed;
  ctx.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
}
