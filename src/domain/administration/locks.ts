import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Account } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { parseContact } from '../contacts/contacts.ts';
import { originsOf } from '../known-origins/known-origins.ts';
import { codeGuessLockName, codeLockNames } from '../one-time-codes/code-tries.ts';
import { databaseCounters } from '../rate-limits/counters.ts';
import { passwordLockName, passwordLockNames } from '../rate-limits/sign-in-throttle.ts';

export interface Locks {
  /** Until when wrong passwords from unknown devices and networks lock the account; undefined when they do not. */
  lockedUntil(accountId: number): Promise<Date | undefined>;
  /**
   * Forgets the wrong passwords of an account from everywhere, and the wrong codes and sends of its contacts. Throws
   * `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`.
   */
  unlock(accountId: number): Promise<void>;
}

interface Deps {
  db: Db;
  /** Wrong passwords of one account. */
  perAccount: number;
}

/** What codes to the contacts of an account are counted by. */
const codeKeysOf = ({ contacts }: Account): string[] =>
  contacts.map(({ kind, value }) => parseContact(kind, value).key);

export const locks = ({ db, perAccount }: Deps): Locks => ({
  lockedUntil: (accountId) => databaseCounters({ db }).fullUntil(passwordLockName(accountId), perAccount),
  unlock: (accountId) =>
    transaction(db, async (tx) => {
      const account = await existing(tx, accountId);
      const places = await originsOf(tx, accountId);
      await databaseCounters({ db: tx }).clear(
        ...passwordLockNames(accountId, places),
        codeGuessLockName(accountId),
        ...codeKeysOf(account).flatMap(codeLockNames),
      );
      await audit({ db: tx }).record({ event: 'account.unlocked', accountId });
    }),
});
