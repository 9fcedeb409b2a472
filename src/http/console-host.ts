import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { normaliseHost } from './hosts.ts';

/** What a browser needs beside the pages of the console. */
const SHARED = ['/assets/', '/favicon.ico'];

const isUnder = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/**
 * Separates the console from everything else when it has a host of its own: neither host answers for what belongs to
 * the other. Its cookie then never travels with a request of a customer's page.
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
