import type { AccountClaims, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { NationalIds } from '../../domain/accounts/national-ids.ts';
import { currentUnit } from '../edge/unit.ts';
import { ROLES_SCOPE } from '../scopes/scopes.ts';
import { accountClaims } from './account-claims.ts';
import type { AllowedRoles } from './allowed-roles.ts';

interface Deps {
  accounts: Pick<Accounts, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  allowedRoles: AllowedRoles;
  issuer: string;
  timeZone: string;
}

const SUBJECT = /^[1-9]\d{0,15}$/;

/**
 * Returns true for an ID token issued together with a userinfo access token, because userinfo returns the claims of the
 * scopes (OpenID Connect Core §5.4). False for clients that want these claims in the ID token as well.
 */
const needsRequestedOnly = (use: string, { oidc }: KoaContextWithOIDC): boolean =>
  use === 'id_token' &&
  oidc.client?.scope_claims_in_id_token !== true &&
  oidc.entities.AccessToken !== undefined &&
  oidc.entities.AccessToken.aud === undefined;

const pick = (claims: AccountClaims, names: readonly string[]): AccountClaims => ({
  ...Object.fromEntries(names.filter((name) => name in claims).map((name) => [name, claims[name]])),
  sub: claims.sub,
});

/**
 * Finds the account of a subject; undefined unless it is active. A record of the account that this request has read
 * already proves that, and the profile is read only when one of its claims is requested.
 */
export function findAccount({ accounts, nationalIds, allowedRoles, issuer, timeZone }: Deps): FindAccount {
  return async (ctx, sub) => {
    if (!SUBJECT.test(sub)) return undefined;
    const id = Number(sub);
    const generations = currentUnit()?.work.generations;
    let known = generations?.has(id) ? undefined : await accounts.find(id);
    if (!generations?.has(id) && known?.status !== 'active') return undefined;
    if (known) generations?.set(id, known.generation);

    return {
      accountId: sub,
      async claims(use, scope, requested) {
        const scopes = scope.split(' ');
        const names = Object.keys(requested);
        const onlySub = scopes.length === 1 && scopes[0] === 'openid';
        const requestedOnly = needsRequestedOnly(use, ctx);
        if (names.length === 0 && (onlySub || requestedOnly)) return { sub };
        known ??= await accounts.find(id);
        if (!known) return { sub };
        const all = accountClaims(known, {
          issuer,
          timeZone,
          firstParty: ctx.oidc.client?.first_party === true,
          nationalId: scopes.includes('thai_id') ? await nationalIds.read(id) : undefined,
          roles: scopes.includes(ROLES_SCOPE) ? await allowedRoles(id, ctx.oidc.client) : undefined,
        });
        return requestedOnly ? pick(all, names) : all;
      },
    };
  };
}
