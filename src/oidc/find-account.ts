import type { FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../domain/accounts/accounts.ts';
import type { NationalIds } from '../domain/accounts/national-ids.ts';
import { accountClaims } from './account-claims.ts';
import { currentUnit } from './unit.ts';

interface Deps {
  accounts: Pick<Accounts, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  issuer: string;
  timeZone: string;
}

const SUBJECT = /^[1-9]\d{0,15}$/;

/**
 * True for an ID token that comes with an access token for userinfo: the claims of its scopes are found there, and the
 * library leaves them out of the ID token (OpenID Connect Core §5.4).
 */
const isBesideUserinfo = (use: string, { oidc }: KoaContextWithOIDC): boolean =>
  use === 'id_token' &&
  oidc.entities.AccessToken !== undefined &&
  oidc.entities.AccessToken.aud === undefined;

/**
 * The account behind a subject; undefined unless it is active. A record of the account that this request has read
 * already proves that, and its profile is read only when a claim of it is asked for.
 */
export function findAccount({ accounts, nationalIds, issuer, timeZone }: Deps): FindAccount {
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
        const nothingMore = Object.keys(requested).length === 0;
        const onlySub = scopes.length === 1 && scopes[0] === 'openid';
        if (nothingMore && (onlySub || isBesideUserinfo(use, ctx))) return { sub };
        known ??= await accounts.find(id);
        if (!known) return { sub };
        return accountClaims(known, {
          issuer,
          timeZone,
          firstParty: ctx.oidc.client?.first_party === true,
          nationalId: scopes.includes('thai_id') ? await nationalIds.read(id) : undefined,
        });
      },
    };
  };
}
