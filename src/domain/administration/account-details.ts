import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import { passwordMethod } from '../authenticators/password/method.ts';
import type { Binding, Bindings } from '../bindings/bindings.ts';
import type { SecondFactorRecoveries, SecondFactorRecovery } from '../second-factors/recoveries.ts';
import type { HeldAuthenticator, HeldAuthenticators } from '../settings/held-authenticators.ts';
import type { AccountReads } from './account-reads.ts';
import type { Locks } from './locks.ts';

/** An account as operators see it. */
export interface AccountDetails {
  account: Account;
  nationalIdEnd: string | null;
  bindings: Binding[];
  /** When the password was set and last used to sign in; null if the account has none. */
  password: { setAt: Date; lastUsedAt: Date | null } | null;
  authenticators: readonly HeldAuthenticator[];
  /** The pending recovery of an owner who reported the second factor as lost; null if there is none. */
  secondFactorRecovery: SecondFactorRecovery | null;
  lockedUntil: Date | null;
  lastSignInAt: Date | null;
}

export interface AccountDetailsReader {
  /** Throws the same errors as `AccountReads.find`, and is audited in the same way. */
  of(accountId: number): Promise<AccountDetails>;
}

interface Deps {
  db: Db;
  reads: Pick<AccountReads, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  bindings: Pick<Bindings, 'list'>;
  locks: Pick<Locks, 'lockedUntil'>;
  held: Pick<HeldAuthenticators, 'list'>;
  recoveries: Pick<SecondFactorRecoveries, 'find'>;
}

const SHOWN_DIGITS = 4;

export const accountDetails = ({
  db,
  reads,
  nationalIds,
  bindings,
  locks,
  held,
  recoveries,
}: Deps): AccountDetailsReader => {
  async function lastSignIn(accountId: number, method?: string): Promise<Date | null> {
    const signIns = db('audit').where({ account_id: accountId, event: 'sign_in.succeeded' });
    if (method !== undefined) signIns.whereRaw(`details->>'method' = ?`, [method]);
    return (await signIns.orderBy('at', 'desc').first('at'))?.at ?? null;
  }

  return {
    async of(accountId) {
      const account = await reads.find(accountId, 'account');
      const [nationalId, bound, lockedUntil, authenticators, recovery, credential, lastSignInAt, lastUsedAt] =
        await Promise.all([
          nationalIds.read(accountId),
          bindings.list(accountId),
          locks.lockedUntil(accountId),
          held.list(accountId),
          recoveries.find(accountId),
          db('credentials').where({ account_id: accountId, kind: 'password' }).first('changed_at'),
          lastSignIn(accountId),
          lastSignIn(accountId, passwordMethod.name),
        ]);
      return {
        account,
        nationalIdEnd: nationalId?.slice(-SHOWN_DIGITS) ?? null,
        bindings: bound,
        password: credential ? { setAt: credential.changed_at, lastUsedAt } : null,
        authenticators,
        secondFactorRecovery: recovery ?? null,
        lockedUntil: lockedUntil ?? null,
        lastSignInAt,
      };
    },
  };
};
