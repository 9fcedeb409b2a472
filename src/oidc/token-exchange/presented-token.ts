import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { CLOCK_SKEW } from '../../lib/clock.ts';
import { isLive, recordId } from '../../storage/record.ts';
import { currentUnit } from '../edge/unit.ts';
import { internalsOf, verifyJwt } from '../library/internals.ts';
import { scopesOf } from '../scopes/scopes.ts';
import type { AuthenticationClaims } from '../tokens/authentication-claims.ts';
import { JWT_TYPE, type SentToken } from './parameters.ts';

/** The acting party, and the party that acted before it (RFC 8693 §4.1). */
export interface Act {
  sub: string;
  client_id: string;
  act?: Act;
}

/** A valid access token of this server, of either format. */
export interface PresentedToken {
  clientId: string;
  /** Undefined for the token of a program. */
  accountId: string | undefined;
  /** The record of the grant that it belongs to; undefined for the token of a program. */
  grantRecord: string | undefined;
  /** The record of the code that it was issued for; unknown for a JWT, which no reuse of a code can revoke. */
  codeRecord: string | undefined;
  sessionUid: string | undefined;
  audiences: readonly string[];
  scopes: readonly string[];
  /** Epoch seconds. */
  exp: number;
  authentication: AuthenticationClaims;
  act: Act | undefined;
  /** The thumbprints of the key and the certificate that it is bound to. */
  jkt: string | undefined;
  x5t: string | undefined;
}

/** The members that a stored token has in `extra`, and a JWT in its claims. */
type Extra = AuthenticationClaims & { act?: Act; grant_id?: string };

interface Claims extends Extra {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  client_id?: string;
  scope?: string;
  exp?: number;
  cnf?: { jkt?: string; 'x5t#S256'?: string };
}

const authenticationOf = ({ acr, amr, auth_time }: Extra): AuthenticationClaims => ({
  ...(acr === undefined ? {} : { acr }),
  ...(amr === undefined ? {} : { amr }),
  ...(auth_time === undefined ? {} : { auth_time }),
});

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [value].flat();

async function stored(ctx: KoaContextWithOIDC, value: string): Promise<PresentedToken | undefined> {
  const { AccessToken, ClientCredentials } = ctx.oidc.provider;
  const ofPerson = await AccessToken.find(value);
  const token = ofPerson ?? (await ClientCredentials.find(value));
  if (!token?.isValid || token.clientId === undefined) return undefined;
  const record = ofPerson && (await currentUnit()?.work.read(recordId('AccessToken', value)));
  // any event that ends the grant must also end the tokens exchanged for this one
  if (ofPerson && !record?.grantId) return undefined;
  const extra = (token.extra ?? {}) as Extra;
  return {
    clientId: token.clientId,
    accountId: ofPerson?.accountId,
    grantRecord: record?.grantId ?? undefined,
    codeRecord: record?.codeId ?? undefined,
    sessionUid: ofPerson?.sessionUid,
    audiences: listOf(token.aud),
    scopes: scopesOf(token.scope),
    exp: token.exp as number,
    authentication: authenticationOf(extra),
    act: extra.act,
    jkt: token.jkt,
    x5t: token['x5t#S256'],
  };
}

async function verified({ oidc: { provider } }: KoaContextWithOIDC, jwt: string) {
  try {
    const options = { clockTolerance: CLOCK_SKEW, ignoreAzp: true };
    const { header, payload } = await verifyJwt(jwt, internalsOf(provider).keystore, options);
    const claims = payload as Claims;
    return header.typ === 'at+jwt' && claims.iss === provider.issuer ? claims : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a JWT, which is not stored. The grant that it refers to determines whether the person still lets the client
 * act.
 */
async function signed(ctx: KoaContextWithOIDC, jwt: string): Promise<PresentedToken | undefined> {
  const claims = await verified(ctx, jwt);
  if (claims?.client_id === undefined || claims.exp === undefined) return undefined;
  const { grant_id: grantRecord, client_id: clientId } = claims;
  const grant = grantRecord === undefined ? undefined : await currentUnit()?.work.read(grantRecord);
  const isProgram = grantRecord === undefined && claims.sub === clientId;
  const lives = grant !== undefined && grant.kind === 'Grant' && grant.accountId !== null && isLive(grant);
  if (!isProgram && !lives) return undefined;
  return {
    clientId,
    accountId: isProgram ? undefined : String(grant?.accountId),
    grantRecord,
    codeRecord: undefined,
    sessionUid: undefined,
    audiences: listOf(claims.aud),
    scopes: scopesOf(claims.scope),
    exp: claims.exp,
    authentication: authenticationOf(claims),
    act: claims.act,
    jkt: claims.cnf?.jkt,
    x5t: claims.cnf?.['x5t#S256'],
  };
}

/** Reads a token of a request. Throws `invalid_request` for one that is not currently valid (RFC 8693 §2.2.2). */
export async function presentedToken(
  ctx: KoaContextWithOIDC,
  { name, value, type }: SentToken,
): Promise<PresentedToken> {
  const isJwt = value.split('.').length === 3;
  const token = isJwt ? await signed(ctx, value) : await stored(ctx, value);
  if (!token || (type === JWT_TYPE && !isJwt)) throw new errors.InvalidRequest(`'${name}' is not valid`);
  return token;
}
