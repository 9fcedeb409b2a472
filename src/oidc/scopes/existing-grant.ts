import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { Consent, Consents } from '../../domain/consents/consents.ts';
import { currentUnit } from '../edge/unit.ts';
import { dropUngrantedOfflineAccess } from './requested-scope.ts';

/** Returns the scopes, claims and resources that this authorization request asks for. */
export function askedFor(ctx: KoaContextWithOIDC): Consent {
  const { requestParamOIDCScopes, requestParamClaims, requestParamScopes, resourceServers = {} } = ctx.oidc;
  const resources = Object.entries(resourceServers).map(([indicator, server]) => [
    indicator,
    [...requestParamScopes].filter((scope) => server.scopes.has(scope)),
  ]);
  return {
    scopes: [...requestParamOIDCScopes],
    claims: [...requestParamClaims],
    resources: Object.fromEntries(resources),
  };
}

/** Adds the missing parts of `consent` to a grant. Returns true when something was missing. */
export function extendGrant(grant: Grant, { scopes, claims, resources }: Consent): boolean {
  const granted = new Set(grant.getOIDCScopeEncountered().split(' '));
  const knownClaims = new Set(grant.getOIDCClaimsEncountered());
  const newScopes = scopes.filter((scope) => !granted.has(scope));
  const newClaims = claims.filter((claim) => !knownClaims.has(claim));
  if (newScopes.length > 0) grant.addOIDCScope(newScopes.join(' '));
  if (newClaims.length > 0) grant.addOIDCClaims(newClaims);
  let changed = newScopes.length + newClaims.length > 0;
  for (const [indicator, wanted] of Object.entries(resources)) {
    const has = new Set(grant.getResourceScopeEncountered(indicator).split(' '));
    const missing = wanted.filter((scope) => !has.has(scope));
    if (missing.length === 0) continue;
    grant.addResourceScope(indicator, missing.join(' '));
    changed = true;
  }
  return changed;
}

const intersection = (asked: Consent, allowed: Consent): Consent => ({
  scopes: asked.scopes.filter((scope) => allowed.scopes.includes(scope)),
  claims: asked.claims.filter((claim) => allowed.claims.includes(claim)),
  resources: Object.fromEntries(
    Object.entries(asked.resources).map(([indicator, scopes]) => [
      indicator,
      scopes.filter((scope) => allowed.resources[indicator]?.includes(scope)),
    ]),
  ),
});

export interface ExistingGrantDeps {
  consents: Consents;
}

/**
 * Returns the grant of this sign-in. It belongs to one session and one client, so that a logout here affects no other
 * session. A person's consent is stored beyond it. First-party clients need no consent.
 */
export function existingGrant({ consents }: ExistingGrantDeps) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { provider, client, session, result } = ctx.oidc;
    const accountId = session?.accountId;
    if (!client || !session || !accountId) return undefined;
    const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
    const found = grantId ? await provider.Grant.find(grantId) : undefined;
    const grant = found ?? new provider.Grant({ clientId: client.clientId, accountId });
    const asked = askedFor(ctx);
    const allowed =
      client.first_party === true ? asked : await consents.find(Number(accountId), client.clientId);
    const changed = allowed ? extendGrant(grant, intersection(asked, allowed)) : false;
    dropUngrantedOfflineAccess(ctx, grant.getOIDCScopeEncountered());
    if (!found && !changed) return undefined;
    if (changed) await grant.save();
    if (client.first_party !== true) {
      currentUnit()?.work.put('consent used', consents.usedStatement(Number(accountId), client.clientId));
    }
    return grant;
  };
}
