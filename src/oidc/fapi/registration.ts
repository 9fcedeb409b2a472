import { FAPI_2, FAPI_ALGORITHMS } from './profile.ts';

type Metadata = Record<string, unknown>;

/** The authentication methods of clients of the profile (FAPI 2.0 Security Profile §5.3.3.4). */
const AUTH_METHODS: readonly unknown[] = [
  ...['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
];
/** The grants that bypass the authorization endpoint, or the client authentication of the profile. */
const WEAK_GRANTS: readonly unknown[] = [
  ...['password', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
];
/** The members with the algorithm of a signature. */
const SIGNATURES = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
  'backchannel_authentication_request_signing_alg',
  'request_object_signing_alg',
  'token_endpoint_auth_signing_alg',
];
const OUR_ALGORITHM = 'ES256';
const RSA_BITS = 2048;

const isFapiRegistration = ({ fapi_profile: profile }: Metadata): boolean => profile === FAPI_2;

/** Returns the defaults of a registration of the profile; those of the library would be RS256 and bearer tokens. */
function defaultsOf({ tls_client_certificate_bound_access_tokens: byCertificate }: Metadata): Metadata {
  return {
    id_token_signed_response_alg: OUR_ALGORITHM,
    authorization_signed_response_alg: OUR_ALGORITHM,
    require_pushed_authorization_requests: true,
    ...(byCertificate === true ? {} : { dpop_bound_access_tokens: true }),
  };
}

/** Completes the registration that an operator provides. */
export const completeFapi = <T extends Metadata>(given: T): T =>
  isFapiRegistration(given)
    ? { token_endpoint_auth_method: 'private_key_jwt', ...defaultsOf(given), ...given }
    : given;

/** The library's default for this member is RS256, if signed introspection responses are enabled. */
const INTROSPECTION = 'introspection_signed_response_alg';

/**
 * Completes a registration in which the library has filled in its own defaults. `sent` is the registration sent over
 * HTTP, which distinguishes these defaults from the client's values. It is undefined for a stored registration, which
 * is complete.
 */
export function completeLoadedFapi(metadata: Metadata, sent: Metadata | undefined): void {
  if (!isFapiRegistration(metadata)) return;
  const silent = Object.entries(defaultsOf(metadata)).filter(
    ([member]) => sent && sent[member] === undefined,
  );
  Object.assign(metadata, Object.fromEntries(silent));
  if (metadata[INTROSPECTION] === 'RS256' && sent?.[INTROSPECTION] === undefined)
    metadata[INTROSPECTION] = OUR_ALGORITHM;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Returns whether a redirect URI is protected, or stays on the device of a native app (§5.3.2.2, RFC 8252). */
const isProtected = (uri: unknown, native: boolean): boolean =>
  native || (typeof uri === 'string' && uri.toLowerCase().startsWith('https:'));

function isWeak(key: unknown): boolean {
  const { kty, n } = (key ?? {}) as { kty?: unknown; n?: unknown };
  return kty === 'RSA' && typeof n === 'string' && Buffer.from(n, 'base64url').length * 8 < RSA_BITS;
}

/**
 * Returns why a registration does not conform to FAPI 2.0, with the name of the member. Undefined for one that
 * conforms, and for clients without the profile.
 */
export function fapiProblem(metadata: Metadata): string | undefined {
  if (!isFapiRegistration(metadata)) return undefined;
  if (!AUTH_METHODS.includes(metadata.token_endpoint_auth_method))
    return `token_endpoint_auth_method must be one of ${AUTH_METHODS.join(', ')} for FAPI 2.0`;
  if (metadata.require_pushed_authorization_requests !== true)
    return 'require_pushed_authorization_requests must be true for FAPI 2.0';
  const isBound =
    metadata.dpop_bound_access_tokens === true ||
    metadata.tls_client_certificate_bound_access_tokens === true;
  if (!isBound) return 'dpop_bound_access_tokens must be true for FAPI 2.0, unless certificates bind tokens';
  const grant = listOf(metadata.grant_types).find((one) => WEAK_GRANTS.includes(one));
  if (grant) return `grant_types must not include ${grant} for FAPI 2.0`;
  const weak = SIGNATURES.find(
    (member) => metadata[member] !== undefined && !FAPI_ALGORITHMS.includes(String(metadata[member])),
  );
  if (weak) return `${weak} must be PS256, ES256 or EdDSA for FAPI 2.0`;
  const native = metadata.application_type === 'native';
  if (listOf(metadata.redirect_uris).some((uri) => !isProtected(uri, native)))
    return 'redirect_uris must be https URIs for FAPI 2.0';
  const { keys } = (metadata.jwks ?? {}) as { keys?: unknown };
  if (listOf(keys).some(isWeak)) return `jwks must not have RSA keys below ${RSA_BITS} bits for FAPI 2.0`;
  return undefined;
}
