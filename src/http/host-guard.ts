import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { isLoopbackHost, normaliseHost } from './hosts.ts';

export interface HostGuardSettings {
  issuer: string;
  /** Other hosts (`name` or `name:port`) that the server answers for. */
  hosts: readonly string[];
  /** Also answers for the loopback names and addresses, on any port. */
  development: boolean;
}

/** Probes and scrapers call by address. These say nothing that depends on the host. */
const EXEMPT = new Set(['/live', '/ready', '/metrics']);
/** RFC 9112 §3.2.2: authority, and the rest of the target. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]*)([/?].*)?$/i;
/** Resolved against a base, these would name a host: browsers read `\` as `/`. */
const NAMES_A_HOST = /^\/[/\\]/;

function setTarget(ctx: Context, target: string) {
  ctx.req.url = target;
  ctx.originalUrl = target;
  ctx.request.originalUrl = target;
}

/**
 * Lets only requests in that are meant for this server: exactly one `Host`, and it is the issuer's or an
 * allowed one (421 otherwise, RFC 9110 §15.5.20). A target with an authority of its own is held to the same
 * and reduced to path and query; a target that could be read as a host is not found.
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
