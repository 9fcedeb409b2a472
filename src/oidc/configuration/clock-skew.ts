import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { CLOCK_SKEW, epochSeconds, systemClock } from '../../lib/clock.ts';
import { rememberRequestObject } from '../scopes/requested-scope.ts';

interface Signed {
  iat?: number;
  scope?: unknown;
}

/** The library checks `iat` only where `exp` is missing. */
const isOfFuture = ({ iat }: Signed): boolean =>
  iat !== undefined && !(iat <= epochSeconds(systemClock.now()) + CLOCK_SKEW);

/** Checks what the library does not check of a client assertion. Throws `invalid_client`. */
export function checkAssertion(_ctx: KoaContextWithOIDC, claims: Signed): void {
  if (isOfFuture(claims)) throw new errors.InvalidClientAuth('iat (issued at) must not be in the future');
}

/** The same of a request object, whose scope is remembered besides. Throws `invalid_request_object`. */
export function checkRequestObject(ctx: KoaContextWithOIDC, claims: Signed): void {
  if (isOfFuture(claims)) throw new errors.InvalidRequestObject('iat (issued at) must not be in the future');
  rememberRequestObject(ctx, claims);
}
