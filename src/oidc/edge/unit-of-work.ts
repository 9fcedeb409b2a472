import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { signInPlace } from '../../domain/values/sign-in-place.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Outcome } from '../../storage/record.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import type { Beginnings } from './beginnings.ts';
import { AUTHORIZATION_CHALLENGE, isProgramPath, routes } from './routes.ts';
import { type RequestUnit, runInUnit } from './unit.ts';

interface Deps {
  records: Records;
  addressOf: (ctx: Context) => string;
  beginnings: Pick<Beginnings, 'take'>;
}

/** The record kind of a sign-in inside an app. */
export const AUTH_SESSION = 'AuthSession';

const isTokenRequest = (ctx: Context): boolean => ctx.path === routes.token;

/** Responds to a proof that was used a second time, in the form that the library would have used (RFC 9449 §11.1). */
function refuseRepeated(ctx: KoaContextWithOIDC): void {
  const byAssertion = ctx.oidc.client?.clientAuthMethod === 'private_key_jwt' && !ctx.get('DPoP');
  const atResource = ctx.path === routes.userinfo;
  ctx.status = atResource || byAssertion ? 401 : 400;
  const ofProof = ctx.path === AUTHORIZATION_CHALLENGE ? 'invalid_request' : 'invalid_grant';
  const error = atResource ? 'invalid_token' : byAssertion ? 'invalid_client' : ofProof;
  if (atResource) ctx.set('WWW-Authenticate', `DPoP error="${error}"`);
  ctx.body = { error, error_description: 'proof was used before' };
}

/**
 * Responds when another request used the same code or token first. A browser lost a pushed request to another
 * navigation: throws `INTERACTION_EXPIRED`, for a page without anything of the dropped unit.
 */
async function refuseLost(ctx: KoaContextWithOIDC, unit: RequestUnit): Promise<void> {
  if (!isProgramPath(ctx.path)) {
    ctx.remove('Set-Cookie');
    ctx.remove('Location');
    throw new AppError('INTERACTION_EXPIRED');
  }
  const first = await unit.whenLost?.();
  if (first !== undefined) {
    ctx.status = 200;
    ctx.body = first;
    ctx.type = 'application/json';
    return;
  }
  ctx.status = 400;
  ctx.body =
    ctx.path === AUTHORIZATION_CHALLENGE
      ? { error: 'invalid_session', error_description: 'auth_session was used before' }
      : { error: 'invalid_grant', error_description: 'grant request is invalid' };
}

/** Returns whether rows are about to be written for an unauthenticated caller. */
function begins(ctx: KoaContextWithOIDC, { work, makesAnonymousSession }: RequestUnit): boolean {
  if (makesAnonymousSession) return true;
  switch (ctx.path) {
    case routes.pushed_authorization_request:
    case routes.device_authorization:
      return (
        ctx.oidc?.client?.clientAuthMethod === 'none' &&
        work.creates(['PushedAuthorizationRequest', 'DeviceCode'])
      );
    case AUTHORIZATION_CHALLENGE:
      return (
        ctx.oidc?.client?.clientAuthMethod === 'none' &&
        ctx.oidc.params?.auth_session === undefined &&
        work.creates([AUTH_SESSION])
      );
    default:
      return work.creates(['Interaction']);
  }
}

/**
 * One request, one transaction. The writes of oidc-provider are collected and committed before the response is sent:
 * with a 2xx, 3xx or 4xx (a rejected reuse must revoke its family), but not with a 5xx. They are discarded if a client
 * closes the connection to the token endpoint early, because tokens that it never received must not be consumed.
 */
export function unitOfWork({ records, addressOf, beginnings }: Deps): Middleware {
  async function settle(ctx: KoaContextWithOIDC, unit: RequestUnit): Promise<void> {
    const thrown = ctx.state.protocolFailure as unknown;
    if (ctx.status >= 500) {
      ctx.remove('Set-Cookie');
      throw thrown ?? new AppError('INTERNAL');
    }
    // the library checks the proof after it has consumed the code or token, which its owner still needs
    if (unit.proofRepeated && ctx.status >= 400) return;
    if (unit.atTokenEndpoint && ctx.status < 300 && ctx.req.socket.destroyed) return;
    if (begins(ctx, unit)) {
      await beginnings.take(ctx as unknown as Context).catch((error: unknown) => {
        ctx.remove('Set-Cookie');
        throw error;
      });
    }
    const outcome: Outcome = await unit.work.commit();
    if (outcome === 'lost') await refuseLost(ctx, unit);
    else if (outcome === 'repeated') refuseRepeated(ctx);
  }

  return (ctx, next) => {
    const unit: RequestUnit = {
      work: records.unit(),
      atTokenEndpoint: isTokenRequest(ctx),
      place: () => signInPlace(ctx.get('User-Agent'), addressOf(ctx)),
    };
    return runInUnit(unit, async () => {
      await next();
      await settle(ctx as unknown as KoaContextWithOIDC, unit);
    });
  };
}
