import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import { AppError } from '../../errors/app-error.ts';
import { boundBody, readJson } from '../../http/body.ts';
import { pageHeaders } from '../../http/security-headers.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import { boundedState } from './bounded-state.ts';
import { isLibraryPath, isProgramPath, LOGOUT_CONFIRMED, methodsOf, routes } from './routes.ts';

interface Deps {
  bodyBytes: number;
  /** Prevents other sites from submitting the library's forms. */
  ownForms: Middleware;
  /** Serves the keys and the metadata of the server. */
  published: Middleware;
  unitOfWork: Middleware;
  postToGet: Middleware;
  /** Limits the attempts to enter a user code at the device page. */
  deviceGuesses: Middleware;
  /** Completes errors for partners, including errors in the request body. */
  partnerForm: Middleware;
  /** Accepts JSON requests of partners at the token endpoint. */
  jsonRequests: Middleware;
  /** Adds the client ID to a request whose assertion identifies the client. */
  assertionClient: Middleware;
  /** Renders the library's auto-submitting pages as Pratu's own. */
  forwarded: Middleware;
  /** The library. */
  serve: Middleware;
}

const UNDER = [routes.registration, routes.authorization, routes.code_verification, routes.end_session];
const FIXED_CHILDREN = [LOGOUT_CONFIRMED, `${routes.end_session}/success`];

/** Returns the pattern of one of the library's paths, for logs and metrics: a path may contain an id. */
function patternOf(path: string): string {
  if (FIXED_CHILDREN.includes(path)) return path;
  const parent = UNDER.find((route) => path.startsWith(`${route}/`));
  return parent ? `${parent}/:id` : path;
}

/** Reads and checks the body before the library does, which would pass a NUL on to the database. */
async function checkBody(ctx: Context, bytes: number): Promise<void> {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return;
  if (!ctx.path.startsWith(routes.registration) || !ctx.is('application/json')) return boundBody(ctx, bytes);
  (ctx.req as { body?: unknown }).body = await readJson(ctx, { bytes });
}

/**
 * Makes the response to a revocation 200 without a body, also for a JWT access token, which cannot be revoked: a client
 * that revokes all its tokens continues with the next (RFC 7009 §2.2).
 */
function emptyAnswer(ctx: Context): void {
  const isJwt = ctx.status === 400 && (ctx.body as { error?: string }).error === 'unsupported_token_type';
  if (ctx.status !== 200 && !isJwt) return;
  ctx.status = 200;
  ctx.body = '';
  ctx.remove('Content-Type');
}

const SIGNED_INTROSPECTION = 'application/token-introspection+jwt';

/** Returns whether a resource server requests the response as a JWT (RFC 9701 §4). */
const isSignedIntrospection = (ctx: Context): boolean =>
  ctx.path === routes.introspection && ctx.get('Accept').includes(SIGNED_INTROSPECTION);

/**
 * Equalises the response time of a backchannel request, which must not disclose whether a hint identifies an account
 * either.
 */
const equalised: Middleware = (ctx, next) =>
  ctx.path === routes.backchannel_authentication ? equaliseTiming(next) : next();

/** The protocol's endpoints: everything that oidc-provider serves, with Pratu's rules before and after. */
export function oidcSurface(deps: Deps): Middleware {
  const checked: Middleware = async (ctx, next) => {
    await checkBody(ctx, deps.bodyBytes);
    await next();
  };
  const { ownForms, partnerForm, jsonRequests, assertionClient, unitOfWork } = deps;
  const { published, postToGet, deviceGuesses, forwarded, serve } = deps;
  const inner = compose([
    published,
    ...[ownForms, partnerForm, checked, jsonRequests, assertionClient, boundedState, equalised, unitOfWork],
    ...[postToGet, deviceGuesses, forwarded, serve],
  ]);
  return async (ctx, next) => {
    if (!isLibraryPath(ctx.path)) return next();
    ctx.state.route = patternOf(ctx.path);
    // where scripts of other origins may send requests, the CORS middleware has already answered their preflight
    const methods = methodsOf(ctx.path);
    if (methods && !methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      throw new AppError('METHOD_NOT_ALLOWED');
    }
    if (isProgramPath(ctx.path)) {
      // errors are JSON, regardless of a browser's Accept header; the CORS middleware has already handled the origin
      ctx.req.headers.accept = isSignedIntrospection(ctx) ? SIGNED_INTROSPECTION : 'application/json';
      delete ctx.req.headers.origin;
    } else {
      pageHeaders(ctx);
    }
    try {
      await inner(ctx, next);
    } finally {
      ctx.state.clientId = ctx.oidc?.client?.clientId;
    }
    if (ctx.path === routes.revocation) emptyAnswer(ctx);
    // the library adds CORS headers of its own to the response to a request without an origin: they are removed
    if (isProgramPath(ctx.path) && ctx.response.get('Access-Control-Allow-Origin') === '*') {
      ctx.remove('Access-Control-Allow-Origin');
      ctx.remove('Access-Control-Expose-Headers');
    }
  };
}
