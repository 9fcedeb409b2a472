import type { Client, Configuration } from 'oidc-provider';
import type { AccountRoles } from '../../domain/account-roles/account-roles.ts';
import { ROLES_SCOPE, scopesOf } from '../scopes/scopes.ts';
import { extraTokenClaims } from './authentication-claims.ts';

/**
 * Returns the roles of an account that may be disclosed to a client: those in its `allowed_roles`, and none without
 * that member.
 */
export type AllowedRoles = (accountId: number, client: Client | undefined) => Promise<string[]>;

export const allowedRoles =
  (accountRoles: Pick<AccountRoles, 'of'>): AllowedRoles =>
  async (accountId, client) => {
    const allowed = Array.isArray(client?.allowed_roles) ? client.allowed_roles : [];
    if (allowed.length === 0) return [];
    return (await accountRoles.of(accountId)).filter((role) => allowed.includes(role));
  };

/**
 * Returns the additional claims of access tokens: the authentication, and with the scope `roles` the account's roles at
 * the time of issue (RFC 9068 §2.2.3.1). The scope is that of the code or refresh token, because the scope of a token
 * for a resource server contains only scopes of it. A refresh with a narrower scope returns fewer claims. Exchanged
 * tokens have no roles.
 */
export const accessTokenClaims =
  (rolesFor: AllowedRoles): NonNullable<Configuration['extraTokenClaims']> =>
  async (ctx, token) => {
    const claims = await extraTokenClaims(ctx, token);
    const isByPassword = (token as { gty?: string }).gty === 'password';
    // another token with claims of its own, such as an exchanged one, gets no others
    if (token.extra && !isByPassword) return claims;
    const { AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest, RefreshToken } =
      ctx?.oidc.entities ?? {};
    const { accountId, scope } = (
      isByPassword
        ? token
        : (AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? RefreshToken ?? {})
    ) as { accountId?: string; scope?: string };
    const narrowed = ctx?.oidc.params?.scope;
    const scopes = scopesOf(typeof narrowed === 'string' && !isByPassword ? narrowed : scope);
    if (!accountId || !scopes.includes(ROLES_SCOPE)) return claims;
    return { ...claims, roles: await rolesFor(Number(accountId), ctx?.oidc.client) };
  };
