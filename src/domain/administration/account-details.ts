import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import type { Binding, Bindings } from '../bindings/bindings.ts';
import type { AccountReads } from './account-reads.ts';
import type { Locks } from './locks.ts';

/** An account as operators see it. */
export interface AccountDetails {
  account: Account;
  nationalIdEnd: string | null;
  bindings: Binding[];
  /** When its password was set; null without one. */
  passwordSince: Date | null;
  lockedUntil: Date | null;
  lastSignInAt: Date | null;
}

export interface AccountDetailsReader {
  /** Throws as `AccountReads.find` does, and is audited as that. */
  of(accountId: number): Promise<AccountDetails>;
}

interface Deps {
  db: Db;
  reads: Pick<AccountReads, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  bindings: Pick<Bindings, 'list'>;
  locks: Pick<Locks, 'lockedUntil'>;
}

const SHOWN_DIGITS = 4;

export const accountDetails = ({ db, reads, nationalIds, bindings, locks }: Deps): AccountDetailsReader => ({
  async of(accountId) {
    const account = await reads.find(accountId, 'account');
    const [nationalId, bound, lockedUntil, credential, signIn] = await Promise.all([
      nationalIds.read(accountId),
      bindings.list(accountId),
      locks.lockedUntil(accountId),
      db('credentials').where({ account_id: accountId }).first('changed_at'),
      db('audit')
        .where({ account_id: accountId, event: 'sign_in.succeeded' })
        .orderBy('at', 'desc')
        .first('at'),
    ]);
    return {
      account,
      nationalIdEnd: nationalId?.slice(-SHOWN_DIGITS) ?? null,
      bindings: bound,
      passwordSince: credential?.changed_at ?? null,
      lockedUntil: lockedUntil ?? null,
      lastSignInAt: signIn?.at ?? null,
    };
  },
});
