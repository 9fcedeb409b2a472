import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../audit/audit.ts';
import { parseContact } from '../contacts/contacts.ts';
import { originsOf } from '../known-origins/known-origins.ts';
import { codeGuessLockName, codeLockNames } from '../one-time-codes/code-tries.ts';
import { changeable } from '../operators/authority.ts';
import { databaseCounters } from '../rate-limits/counters.ts';
import { passwordLockName, passwordLockNames } from '../rate-limits/sign-in-throttle.ts';

export interface Locks {
  /** Until when the account is locked by wrong passwords from unknown devices and networks; undefined if it is not. */
  lockedUntil(accountId: number): Promise<Date | undefined>;
  /**
   * Resets the counters of the account's wrong passwords from all origins, and of the wrong codes and sent codes of its
   * contacts. Throws `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`, `OPERATOR_PROTECTED`.
   */
  unlock(accountId: number): Promise<void>;
}

interface Deps {
  db: Db;
  /** The maximum number of wrong passwords per account. */
  perAccount: number;
}

/** The keys by which codes to the contacts of an account are counted. */
const codeKeysOf = ({ contacts }: Account): string[] =>
  contacts.map(({ kind, value }) => parseContact(kind, value).key);

export const locks = ({ db, perAccount }: Deps): Locks => ({
  lockedUntil: (accountId) => databaseCounters({ db }).fullUntil(passwordLockName(accountId), perAccount),
  unlock: (accountId) =>
    transaction(db, async (tx) => {
      const account = await changeable(tx, accountId);
      const places = await originsOf(tx, accountId);
      await databaseCounters({ db: tx }).clear(
        ...passwordLockNames(accountId, places),
        codeGuessLockName(accountId),
        ...codeKeysOf(account).flatMap(codeLockNames),
      );
      await audit({ db: tx }).record({ event: 'account.unlocked', accountId });
    }),
});
