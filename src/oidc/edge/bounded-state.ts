import type { Context, Middleware } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { routes } from './routes.ts';

/**
 * The limit in URL-encoded form: 8 KiB leave room for the rest of the 8 to 16 KiB that servers and proxies accept for
 * headers.
 */
export const LONGEST_STATE = 8192;

/** The endpoints whose responses return `state`. */
const PATHS: readonly string[] = [
  routes.authorization,
  routes.pushed_authorization_request,
  routes.end_session,
];

const lengthInUrl = (state: string): number => new URLSearchParams([['', state]]).toString().length - 1;

/**
 * Returns the state of a request object (RFC 9101), whose signature the library checks; undefined for anything else.
 */
function stateOfObject(request: string): string | undefined {
  try {
    const { state } = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof state === 'string' ? state : undefined;
  } catch {
    return undefined;
  }
}

const isTooLong = (parameters: URLSearchParams): boolean =>
  [...parameters.getAll('state'), ...parameters.getAll('request').map(stateOfObject)].some(
    (state) => state !== undefined && lengthInUrl(state) > LONGEST_STATE,
  );

/**
 * Refuses a `state` that would be returned in a redirect that proxies or browsers would reject. The refusal is
 * immediate and never a redirect. Throws `STATE_TOO_LONG`.
 */
export const boundedState: Middleware = (ctx: Context, next) => {
  if (!PATHS.includes(ctx.path)) return next();
  const { body } = ctx.req as { body?: unknown };
  for (const text of [ctx.querystring, typeof body === 'string' ? body : ''])
    if (isTooLong(new URLSearchParams(text))) throw new AppError('STATE_TOO_LONG');
  return next();
};
