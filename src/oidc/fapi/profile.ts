import { errors } from 'oidc-provider';

/** The value of a registration's member `fapi_profile`: FAPI 2.0 Security Profile and Message Signing. */
export const FAPI_2 = '2.0';

/** Whether a client is held to FAPI 2.0. Every other one is as it always was. */
export const isFapi = (client: object | undefined): boolean =>
  (client as { fapi_profile?: unknown } | undefined)?.fapi_profile === FAPI_2;

/** What clients of the profile may sign with (FAPI 2.0 Security Profile §5.4.1). */
export const FAPI_ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'Ed25519', 'EdDSA'];

/** Seconds that a code of such a client lives at most (§5.3.2.1). */
export const CODE_SECONDS = 60;

/** Seconds between `nbf` and `exp` of a request object, at most (FAPI 2.0 Message Signing §5.3.1). */
const REQUEST_SECONDS = 3600;

interface Signed {
  aud?: unknown;
  exp?: unknown;
  nbf?: unknown;
}

const isAllowed = (header: object): boolean =>
  FAPI_ALGORITHMS.includes(String((header as { alg?: unknown }).alg));

/** What the profile asks of a client assertion beyond RFC 7523 (§5.3.2.1). Throws `invalid_client`. */
export function checkFapiAssertion({ aud }: Signed, header: object, issuer: string): void {
  if (aud !== issuer)
    throw new errors.InvalidClientAuth('audience (aud) must be the issuer identifier, as a string');
  if (!isAllowed(header)) throw new errors.InvalidClientAuth('alg mismatch');
}

/**
 * What it asks of a request object. `header` is undefined of a pushed request that the library kept as such an object.
 * Throws `invalid_request_object`.
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
