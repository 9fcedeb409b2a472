import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import type { AccountExport, ExportedAccount } from '../settings/account-export.ts';

/** Read access of operators to the data stored about one person. Every read is recorded in the audit trail. */
export interface AccountReads {
  /** Throws `ACCOUNT_NOT_FOUND`, and `ACCOUNT_DELETED` for a tombstone. `what` names the part to be read. */
  find(accountId: number, what: string): Promise<Account>;
  /** Returns all stored data of the account. Throws the same errors as `find`. */
  export(accountId: number): Promise<ExportedAccount>;
}

interface Deps {
  db: Db;
  accounts: Pick<Accounts, 'find'>;
  accountExport: Pick<AccountExport, 'collect'>;
}

export function accountReads({ db, accounts, accountExport }: Deps): AccountReads {
  async function find(accountId: number, what: string): Promise<Account> {
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    if (account.status === 'deleted') throw new AppError('ACCOUNT_DELETED');
    await audit({ db }).record({ event: 'account.read', accountId, details: { what } });
    return account;
  }

  return {
    find,
    async export(accountId) {
      await find(accountId, 'export');
      return accountExport.collect(accountId);
    },
  };
}
