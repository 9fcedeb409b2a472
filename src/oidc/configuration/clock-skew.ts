import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { CLOCK_SKEW, epochSeconds, systemClock } from '../../lib/clock.ts';
import { checkFapiAssertion, checkFapiRequestObject, isFapi } from '../fapi/profile.ts';
import { rememberRequestObject } from '../scopes/requested-scope.ts';

interface Signed {
  aud?: unknown;
  iat?: number;
  scope?: unknown;
}

/** The library checks `iat` only where `exp` is missing. */
const isOfFuture = ({ iat }: Signed): boolean =>
  iat !== undefined && !(iat <= epochSeconds(systemClock.now()) + CLOCK_SKEW);

/** Checks what the library does not check of a client assertion. Throws `invalid_client`. */
export function checkAssertion(
  { oidc }: KoaContextWithOIDC,
  claims: Signed,
  header: object,
  client: object,
): void {
  if (isOfFuture(claims)) throw new errors.InvalidClientAuth('iat (issued at) must not be in the future');
  if (isFapi(client)) checkFapiAssertion(claims, header, oidc.issuer);
}

/** The same of a request object, whose scope is remembered besides. Throws `invalid_request_object`. */
export function checkRequestObject(
  ctx: KoaContextWithOIDC,
  claims: Signed,
  header: object,
  client: object,
): void {
  if (isOfFuture(claims)) throw new errors.InvalidRequestObject('iat (issued at) must not be in the future');
  if (isFapi(client)) {
    // at the authorization endpoint, the pushed request comes back; the library keeps one without signature as `none`
    const isKept = 'PushedAuthorizationRequest' in ctx.oidc.entities;
    checkFapiRequestObject(claims, { header: isKept ? undefined : header, issuer: ctx.oidc.issuer });
  }
  rememberRequestObject(ctx, claims);
}
