import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import type { AccountExport, ExportedAccount } from '../settings/account-export.ts';

/** How operators read what is stored about one person: each time, the audit trail says who did. */
export interface AccountReads {
  /** Throws `ACCOUNT_NOT_FOUND`, and `ACCOUNT_DELETED` for a tombstone. `what` names the part that is read. */
  find(accountId: number, what: string): Promise<Account>;
  /** Everything that is stored. Throws the same. */
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
