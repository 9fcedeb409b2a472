import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import { deleteRole, insertRole, readRoles } from './account-role-store.ts';

export interface AssignedRoles {
  /** Configured roles that the account has. */
  roles: string[];
  /** Roles that were assigned to the account but are no longer configured. Clients do not receive them. */
  unconfigured: string[];
}

/** The roles of accounts in the deployment's applications. Operators' roles are in `domain/operators`. */
export interface AccountRoles {
  /** The setting `roles`. */
  readonly configured: readonly string[];
  /** The roles that clients may receive, from a single read. */
  of(accountId: number): Promise<string[]>;
  /** All roles of the account, for operators. */
  list(accountId: number): Promise<AssignedRoles>;
  /**
   * Does nothing if the account already has the role. Throws `UNKNOWN_ROLE`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`.
   */
  add(accountId: number, role: string): Promise<void>;
  /** Also removes a role that is not configured. Throws `ROLE_NOT_ASSIGNED`, `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`. */
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
