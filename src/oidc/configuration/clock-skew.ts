import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { CLOCK_SKEW, epochSeconds, systemClock } from '../../lib/clock.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { checkFapiAssertion, checkFapiRequestObject, isFapi } from '../fapi/profile.ts';
import { rememberRequestObject } from '../scopes/requested-scope.ts';

/** The maximum validity of a client assertion from now, in seconds: its use is stored until it expires. */
const LONGEST_ASSERTION_SECONDS = DAY_SECONDS;

interface Signed {
  aud?: unknown;
  exp?: number;
  iat?: number;
  scope?: unknown;
}

/** Returns whether `iat` is in the future, which the library checks only if `exp` is missing. */
const isOfFuture = ({ iat }: Signed): boolean =>
  iat !== undefined && !(iat <= epochSeconds(systemClock.now()) + CLOCK_SKEW);

/** Performs the checks of a client assertion that the library omits. Throws `invalid_client`. */
export function checkAssertion(
  { oidc }: KoaContextWithOIDC,
  claims: Signed,
  header: object,
  client: object,
): void {
  if (isOfFuture(claims)) throw new errors.InvalidClientAuth('iat (issued at) must not be in the future');
  const longest = epochSeconds(systemClock.now()) + LONGEST_ASSERTION_SECONDS + CLOCK_SKEW;
  // the library has checked that there is one; `Infinity` is possible too, because JSON may contain 1e400
  if (!(Number(claims.exp) <= longest))
    throw new errors.InvalidClientAuth('exp (expiration) must be in seconds and at most a day ahead');
  if (isFapi(client)) checkFapiAssertion(claims, header, oidc.issuer);
}

/** Performs the same checks of a request object, and stores its scope. Throws `invalid_request_object`. */
export function checkRequestObject(
  ctx: KoaContextWithOIDC,
  claims: Signed,
  header: object,
  client: object,
): void {
  if (isOfFuture(claims)) throw new errors.InvalidRequestObject('iat (issued at) must not be in the future');
  if (isFapi(client)) {
    // the authorization endpoint reads the pushed request again; the library stores an unsigned one with the algorithm
    // `none`
    const isKept = 'PushedAuthorizationRequest' in ctx.oidc.entities;
    checkFapiRequestObject(claims, { header: isKept ? undefined : header, issuer: ctx.oidc.issuer });
  }
  rememberRequestObject(ctx, claims);
}
