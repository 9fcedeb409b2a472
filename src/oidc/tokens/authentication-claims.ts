import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';

/** The authentication of an account, as stored in records of the protocol. */
interface Authentication {
  acr?: string | undefined;
  /** RFC 8176. */
  amr?: readonly string[] | undefined;
  /** Epoch seconds. */
  authTime?: number | undefined;
}

/**
 * The same data as members of an introspection response (RFC 9470 §6.2) and of a JWT access token (RFC 9068 §2.2.1).
 */
export type AuthenticationClaims = { acr?: string; amr?: string[]; auth_time?: number };

/** Returns the claims of an authentication, or undefined without any data. */
export function authenticationClaims({
  acr,
  amr,
  authTime,
}: Authentication): AuthenticationClaims | undefined {
  const claims: AuthenticationClaims = {
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr: [...amr] }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
  };
  return Object.keys(claims).length > 0 ? claims : undefined;
}

/** The sign-in that an access token came from. */
export interface SignInOfToken {
  /** RFC 8176. */
  amr: readonly string[];
  /** Epoch seconds. */
  authTime: number;
}

/** Returns the sign-in that `extraTokenClaims` stored in an access token; undefined for a token without one. */
export function signInOf({ extra }: { extra?: AuthenticationClaims | undefined }): SignInOfToken | undefined {
  const { amr, auth_time: authTime } = extra ?? {};
  return amr === undefined || authTime === undefined ? undefined : { amr, authTime };
}

/**
 * Returns the source of a token request: a person's approval (a code or a decided request) or a refresh token.
 * Undefined for tokens of Pratu's own APIs, which are issued outside the library's endpoints.
 */
export function sourceOf(ctx: KoaContextWithOIDC | undefined) {
  const { AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest, RefreshToken } =
    ctx?.oidc.entities ?? {};
  return AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? RefreshToken;
}

/**
 * Returns the additional claims of access tokens: the authentication that their grant began with. It comes from the
 * code or refresh token that they are issued for, so that a later sign-in of the session does not change it. A token
 * with claims of its own keeps them.
 */
export const extraTokenClaims: NonNullable<Configuration['extraTokenClaims']> = (ctx, token) => {
  if (token.extra) return token.extra;
  const source = sourceOf(ctx);
  return source && authenticationClaims(source);
};

/** Adds the authentication to the introspection of refresh tokens: the library adds it for access tokens only. */
export function introspectAuthentication(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'introspection') return;
    const body = ctx.body as { active?: boolean };
    const { RefreshToken } = ctx.oidc.entities;
    if (body.active === true && RefreshToken) Object.assign(body, authenticationClaims(RefreshToken));
  });
}
