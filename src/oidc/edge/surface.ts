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
  /** Keeps other sites from sending the library's forms. */
  ownForms: Middleware;
  /** Answers for the keys and the metadata of the server. */
  published: Middleware;
  unitOfWork: Middleware;
  postToGet: Middleware;
  /** Limits what is typed at the page for devices. */
  deviceGuesses: Middleware;
  /** Completes errors for partners, those of the body included. */
  partnerForm: Middleware;
  /** Takes JSON of partners at the token endpoint. */
  jsonRequests: Middleware;
  /** Names the client of a request whose assertion does. */
  assertionClient: Middleware;
  /** Shows the library's own pages as ours. */
  forwarded: Middleware;
  /** The library. */
  serve: Middleware;
}

const UNDER = [routes.registration, routes.authorization, routes.code_verification, routes.end_session];
const FIXED_CHILDREN = [LOGOUT_CONFIRMED, `${routes.end_session}/success`];

/** The pattern of a path of the library's, for logs and metrics: a path may hold an id. */
function patternOf(path: string): string {
  if (FIXED_CHILDREN.includes(path)) return path;
  const parent = UNDER.find((route) => path.startsWith(`${route}/`));
  return parent ? `${parent}/:id` : path;
}

/** Reads and checks the body before the library does: it would take a NUL as far as the database. */
async function checkBody(ctx: Context, bytes: number): Promise<void> {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return;
  if (!ctx.path.startsWith(routes.registration) || !ctx.is('application/json')) return boundBody(ctx, bytes);
  (ctx.req as { body?: unknown }).body = await readJson(ctx, { bytes });
}

/**
 * A revocation is answered 200 without a body. So is that of a JWT access token, which cannot be called back: a client
 * that revokes all its tokens goes on to the next (RFC 7009 §2.2).
 */
function emptyAnswer(ctx: Context): void {
  const isJwt = ctx.status === 400 && (ctx.body as { error?: string }).error === 'unsupported_token_type';
  if (ctx.status !== 200 && !isJwt) return;
  ctx.status = 200;
  ctx.body = '';
  ctx.remove('Content-Type');
}

const SIGNED_INTROSPECTION = 'application/token-introspection+jwt';

/** A resource server that wants the response as a JWT (RFC 9701 §4). */
const isSignedIntrospection = (ctx: Context): boolean =>
  ctx.path === routes.introspection && ctx.get('Accept').includes(SIGNED_INTROSPECTION);

/** Whether a hint of a backchannel request identifies anyone is not told by the time of its answer either. */
const equalised: Middleware = (ctx, next) =>
  ctx.path === routes.backchannel_authentication ? equaliseTiming(next) : next();

/** The protocol's endpoints: everything that oidc-provider answers, with our rules before and after. */
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
    // where scripts of other origins may call, our own CORS has answered their preflight
    const methods = methodsOf(ctx.path);
    if (methods && !methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      throw new AppError('METHOD_NOT_ALLOWED');
    }
    if (isProgramPath(ctx.path)) {
      // errors as JSON, whatever a browser's Accept says; origins were dealt with by our own CORS
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
    // the library's answer to a client that goes without origin: none of its own CORS headers
    if (isProgramPath(ctx.path) && ctx.response.get('Access-Control-Allow-Origin') === '*') {
      ctx.remove('Access-Control-Allow-Origin');
      ctx.remove('Access-Control-Expose-Headers');
    }
  };
}
