import type { FindAccount } from 'oidc-provider';
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
      async claims(_use, scope, requested) {
        const scopes = scope.split(' ');
        const nothingMore = Object.keys(requested).length === 0;
        if (scopes.length === 1 && scopes[0] === 'openid' && nothingMore) return { sub };
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
