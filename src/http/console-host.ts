import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { normaliseHost } from './hosts.ts';

/** Paths that a browser needs in addition to the pages of the console. */
const SHARED = ['/assets/', '/favicon.ico'];

const isUnder = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/**
 * Separates the console from the rest of the server if it has a host of its own: neither host serves the paths of the
 * other. The cookie of the console is then never sent with requests of customer pages.
 */
export function consoleHost({ origin, issuer }: { origin: string; issuer: string }): Middleware {
  if (origin === issuer) return (_ctx, next) => next();
  const { host, protocol } = new URL(origin);
  const own = normaliseHost(host, protocol);
  const isOwn = (ctx: Context): boolean => normaliseHost(ctx.req.headers.host ?? '', protocol) === own;

  return (ctx, next) => {
    const isConsole = isUnder(ctx.path, '/console');
    const isShared = SHARED.some((path) => ctx.path.startsWith(path));
    if (isOwn(ctx) ? !(isConsole || isShared) : isConsole) throw new AppError('NOT_FOUND');
    return next();
  };
}
