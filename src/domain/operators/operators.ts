import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import {
  deleteOperator,
  hasOtherAdmin,
  lockOperators,
  type Operator,
  readOperator,
  readOperators,
  writeOperator,
} from './operator-store.ts';
import type { Role } from './role.ts';

export type { Operator } from './operator-store.ts';

/** The accounts that administer the deployment. */
export interface Operators {
  /** Returns the operators in order of account id. */
  list(): Promise<Operator[]>;
  find(accountId: number): Promise<Operator | undefined>;
  /**
   * Returns undefined while the account is not active. Read on every request, so that a removed role ends immediately.
   */
  roleOf(accountId: number): Promise<Role | undefined>;
  /** Sets the role of an account. Throws `ACCOUNT_NOT_FOUND`, `ACCOUNT_DELETED`, `LAST_ADMIN`. */
  add(accountId: number, role: Role): Promise<void>;
  /** Changes the role of an operator. Throws `OPERATOR_NOT_FOUND` for any other account, and `LAST_ADMIN`. */
  change(accountId: number, role: Role): Promise<void>;
  /** Removes the role of an account. Throws `OPERATOR_NOT_FOUND`, `LAST_ADMIN`. */
  remove(accountId: number): Promise<void>;
}

/**
 * Throws `LAST_ADMIN` when no other active admin is left. Runs in the transaction that removes the role or the account,
 * with the account locked.
 */
export async function requireOtherAdmin(tx: Db, accountId: number): Promise<void> {
  if ((await readOperator(tx, accountId))?.role !== 'admin') return;
  await lockOperators(tx);
  if (!(await hasOtherAdmin(tx, accountId))) throw new AppError('LAST_ADMIN');
}

/** Sets the role of an account that is locked; `before` is its present role. */
async function setRole(tx: Db, accountId: number, role: Role, before: Role | undefined): Promise<void> {
  if (before === role) return;
  if (role !== 'admin') await requireOtherAdmin(tx, accountId);
  await writeOperator(tx, accountId, role);
  const event = before === undefined ? 'operator.added' : 'operator.changed';
  await audit({ db: tx }).record({ event, accountId, details: { role } });
}

export const operators = ({ db }: { db: Db }): Operators => ({
  list: () => readOperators(db),
  find: (accountId) => readOperator(db, accountId),
  async roleOf(accountId) {
    const operator = await readOperator(db, accountId);
    return operator?.status === 'active' ? operator.role : undefined;
  },
  add: (accountId, role) =>
    transaction(db, async (tx) => {
      await existing(tx, accountId);
      await setRole(tx, accountId, role, (await readOperator(tx, accountId))?.role);
    }),
  change: (accountId, role) =>
    transaction(db, async (tx) => {
      if (!(await readOperator(tx, accountId))) throw new AppError('OPERATOR_NOT_FOUND');
      await existing(tx, accountId);
      const before = (await readOperator(tx, accountId))?.role;
      if (before === undefined) throw new AppError('OPERATOR_NOT_FOUND');
      await setRole(tx, accountId, role, before);
    }),
  remove: (accountId) =>
    transaction(db, async (tx) => {
      if (!(await readOperator(tx, accountId))) throw new AppError('OPERATOR_NOT_FOUND');
      await existing(tx, accountId);
      await requireOtherAdmin(tx, accountId);
      if (!(await deleteOperator(tx, accountId))) throw new AppError('OPERATOR_NOT_FOUND');
      await audit({ db: tx }).record({ event: 'operator.removed', accountId });
    }),
});
