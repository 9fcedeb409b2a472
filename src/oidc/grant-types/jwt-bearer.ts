import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { CLOCK_SKEW, epochSeconds, systemClock } from '../../lib/clock.ts';
import { decodeJwt, verifyJwt } from '../library/internals.ts';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const JWT_BEARER_PARAMETERS = ['assertion', 'scope', 'resource'] as const;

/** The maximum validity of an assertion from now, in seconds: it is made for one request. */
const LONGEST_SECONDS = 300;
/** The algorithms of FAPI 2.0 Security Profile §5.4.1, with both names of Ed25519. RS256 is not included. */
const ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'Ed25519', 'EdDSA'];
const LONGEST_ID = 200;

interface Claims {
  iss?: unknown;
  sub?: unknown;
  aud?: unknown;
  exp?: unknown;
  iat?: unknown;
  jti?: unknown;
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Returns the fault of the claims (RFC 7523 §3), for the log; undefined when they are valid. */
function faultOf(claims: Claims, { clientId, issuer }: { clientId: string; issuer: string }) {
  const now = epochSeconds(systemClock.now());
  const { iss, sub, exp, iat, jti } = claims;
  const audiences = [claims.aud].flat();
  if (iss !== clientId || sub !== clientId) return 'iss and sub must be the client_id';
  // an assertion for several servers could be passed by one of them to another
  if (audiences.length !== 1 || audiences[0] !== issuer) return 'aud must be the issuer and nothing else';
  if (!isTime(exp)) return 'exp is missing';
  if (exp > now + LONGEST_SECONDS + CLOCK_SKEW) return `exp is more than ${LONGEST_SECONDS} seconds ahead`;
  if (iat !== undefined && !(isTime(iat) && iat <= now + CLOCK_SKEW)) return 'iat is in the future';
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) return 'jti is missing or too long';
  return undefined;
}

/** Returns the claims of an assertion that is signed with a registered key of the client. Throws `invalid_grant`. */
async function verifiedClaims(ctx: KoaContextWithOIDC, assertion: string): Promise<Claims> {
  const keys = (ctx.oidc.client as unknown as { asymmetricKeyStore: object }).asymmetricKeyStore;
  try {
    const { alg } = decodeJwt(assertion).header;
    if (!ALGORITHMS.includes(String(alg))) throw new Error('algorithm is not supported');
    const { payload } = await verifyJwt(assertion, keys, { clockTolerance: CLOCK_SKEW, ignoreAzp: true });
    return payload;
  } catch (cause) {
    throw new errors.InvalidGrant(`assertion is not valid: ${(cause as Error).message}`);
  }
}

/**
 * Checks the assertion of a service account (RFC 7523 §2.1, §3): a single-use JWT that the client signs for itself,
 * with a key of its registration. Its use is part of the request's unit, so that only one of several requests gets a
 * token. Throws `invalid_request` without an assertion, and `invalid_grant` for every other fault; the log contains the
 * reason.
 */
export async function checkBearerAssertion(ctx: KoaContextWithOIDC): Promise<void> {
  const { client, params, provider } = ctx.oidc;
  if (!client) throw new errors.InvalidClient('client authentication is required');
  const assertion = params?.assertion;
  if (typeof assertion !== 'string')
    throw new errors.InvalidRequest("missing required parameter 'assertion'");
  const claims = await verifiedClaims(ctx, assertion);
  const fault = faultOf(claims, { clientId: client.clientId, issuer: provider.issuer });
  if (fault !== undefined) throw new errors.InvalidGrant(fault);
  const until = (claims.exp as number) + CLOCK_SKEW;
  if (!(await provider.ReplayDetection.unique(client.clientId, claims.jti as string, until)))
    throw new errors.InvalidGrant('assertion was used before');
}
