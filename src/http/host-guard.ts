import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { isLoopbackHost, normaliseHost } from './hosts.ts';

export interface HostGuardSettings {
  issuer: string;
  /** Further hosts (`name` or `name:port`) that the server accepts. */
  hosts: readonly string[];
  /** Also accepts the loopback names and addresses, on any port. */
  development: boolean;
}

/** Paths that probes and scrapers request by address. Their responses do not depend on the host. */
const EXEMPT = new Set(['/live', '/ready', '/metrics']);
/** RFC 9112 §3.2.2: authority, and the rest of the target. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]*)([/?].*)?$/i;
/** Targets that would name a host when resolved against a base URL. Browsers read `\` as `/`. */
const NAMES_A_HOST = /^\/[/\\]/;

function setTarget(ctx: Context, target: string) {
  ctx.req.url = target;
  ctx.originalUrl = target;
  ctx.request.originalUrl = target;
}

/**
 * Accepts only requests that are meant for this server: with exactly one `Host`, which is that of the issuer or an
 * allowed one. Rejects others with 421 (RFC 9110 §15.5.20). The authority of an absolute target must meet the same
 * condition; the target is then reduced to path and query. Responds with 404 to a target that could be read as a host.
 */
export function hostGuard({ issuer, hosts, development }: HostGuardSettings): Middleware {
  const { host: issuerHost, protocol } = new URL(issuer);
  const allowed = new Set([issuerHost, ...hosts].map((host) => normaliseHost(host, protocol)));
  const isAllowed = (host: string) =>
    allowed.has(normaliseHost(host, protocol)) || (development && isLoopbackHost(host));

  return (ctx, next) => {
    const target = ctx.req.url ?? '';
    if (EXEMPT.has(target.split('?', 1)[0] ?? '')) return next();

    const [host, ...others] = ctx.req.headersDistinct.host ?? [];
    if (host === undefined || others.length > 0 || !isAllowed(host)) throw new AppError('MISDIRECTED');

    const absolute = ABSOLUTE_FORM.exec(target);
    if (absolute) {
      const [, authority = '', rest = '/'] = absolute;
      if (!isAllowed(authority)) throw new AppError('MISDIRECTED');
      setTarget(ctx, rest.startsWith('/') ? rest : `/${rest}`);
    }
    if (!ctx.req.url?.startsWith('/') || NAMES_A_HOST.test(ctx.req.url)) throw new AppError('NOT_FOUND');
    return next();
  };
}
