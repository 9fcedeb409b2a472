import { errors } from 'oidc-provider';

/** The value of the registration member `fapi_profile`: FAPI 2.0 Security Profile and Message Signing. */
export const FAPI_2 = '2.0';

/** Returns whether a client must conform to FAPI 2.0. All other clients are unaffected. */
export const isFapi = (client: object | undefined): boolean =>
  (client as { fapi_profile?: unknown } | undefined)?.fapi_profile === FAPI_2;

/** The algorithms with which clients of the profile may sign (FAPI 2.0 Security Profile §5.4.1). */
export const FAPI_ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'Ed25519', 'EdDSA'];

/** The maximum lifetime of such a client's code, in seconds (§5.3.2.1). */
export const CODE_SECONDS = 60;

/** The maximum seconds between `nbf` and `exp` of a request object (FAPI 2.0 Message Signing §5.3.1). */
const REQUEST_SECONDS = 3600;

interface Signed {
  aud?: unknown;
  exp?: unknown;
  nbf?: unknown;
}

const isAllowed = (header: object): boolean =>
  FAPI_ALGORITHMS.includes(String((header as { alg?: unknown }).alg));

/** Performs the checks of a client assertion that the profile adds to RFC 7523 (§5.3.2.1). Throws `invalid_client`. */
export function checkFapiAssertion({ aud }: Signed, header: object, issuer: string): void {
  if (aud !== issuer)
    throw new errors.InvalidClientAuth('audience (aud) must be the issuer identifier, as a string');
  if (!isAllowed(header)) throw new errors.InvalidClientAuth('alg mismatch');
}

/**
 * Performs the profile's checks of a request object. `header` is undefined for a pushed request that the library stored
 * as such an object. Throws `invalid_request_object`.
 */
export function checkFapiRequestObject(
  { aud, exp, nbf }: Signed,
  { header, issuer }: { header: object | undefined; issuer: string },
): void {
  const refuse = (reason: string): never => {
    throw new errors.InvalidRequestObject(reason);
  };
  if (typeof exp !== 'number') refuse('exp (expiration) is missing');
  if (typeof nbf !== 'number') refuse('nbf (not before) is missing');
  const lifetime = Number(exp) - Number(nbf);
  if (lifetime <= 0 || lifetime > REQUEST_SECONDS) refuse('exp must be within 60 minutes after nbf');
  if (![aud].flat().includes(issuer)) refuse('aud (audience) must be the issuer identifier');
  if (header && !isAllowed(header)) refuse('unsupported signed request alg');
}
