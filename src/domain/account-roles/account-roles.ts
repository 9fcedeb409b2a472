import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { deleteRole, insertRole, readRoles } from './account-role-store.ts';

export interface AssignedRoles {
  /** Roles of the configuration that the account has. */
  roles: string[];
  /** Roles that it has been given, and that the configuration no longer names: no client receives them. */
  unconfigured: string[];
}

/** Roles of accounts in the applications of the deployment. Those of operators are in `domain/operators`. */
export interface AccountRoles {
  /** The setting `roles`. */
  readonly configured: readonly string[];
  /** What clients may be told, by one read. */
  of(accountId: number): Promise<string[]>;
  /** For operators. */
  list(accountId: number): Promise<AssignedRoles>;
  /** Does nothing if the account has it. Throws `UNKNOWN_ROLE`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`. */
  add(accountId: number, role: string): Promise<void>;
  /** One that is no longer configured, too. Throws `ROLE_NOT_ASSIGNED`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`. */
  remove(accountId: number, role: string): Promise<void>;
}

export function accountRoles({ db, configured }: { db: Db; configured: readonly string[] }): AccountRoles {
  const isConfigured = (role: string): boolean => configured.includes(role);

  return {
    configured,
    of: async (accountId) =>
      configured.length === 0 ? [] : (await readRoles(db, accountId)).filter(isConfigured),
    async list(accountId) {
      const all = await readRoles(db, accountId);
      return { roles: all.filter(isConfigured), unconfigured: all.filter((role) => !isConfigured(role)) };
    },
    async add(accountId, role) {
      if (!isConfigured(role)) throw new AppError('UNKNOWN_ROLE', { field: 'role' });
      await transaction(db, async (tx) => {
        await existing(tx, accountId);
        if (!(await insertRole(tx, accountId, role))) return;
        await audit({ db: tx }).record({ event: 'account.role_added', accountId, details: { role } });
      });
    },
    remove: (accountId, role) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        if (!(await deleteRole(tx, accountId, role)))
          throw new AppError('ROLE_NOT_ASSIGNED', { field: 'role' });
        await audit({ db: tx }).record({ event: 'account.role_removed', accountId, details: { role } });
      }),
  };
}
