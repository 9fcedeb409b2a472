import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { requestContext } from '../../lib/request-context.ts';
import type { Account } from '../accounts/account.ts';
import { existing } from '../accounts/accounts.ts';
import { readOperator, readRoles } from './operator-store.ts';
import { type AdminScope, isLower, type Role } from './role.ts';

/** A client with this scope can give any role to any account, so it may change every operator's account. */
const OVER_OPERATORS: AdminScope = 'admin:operators:write';

/**
 * Returns the role of the caller: of the operator, or the highest one for the command line, for the server itself and
 * for people, who change their own accounts. A client on its own has no role, or the highest one.
 */
async function roleOfCaller(db: Db): Promise<Role | undefined> {
  const { actor = 'system', scopes } = requestContext();
  const [kind, id] = actor.split(':');
  if (kind === 'client') return scopes?.has(OVER_OPERATORS) ? 'admin' : undefined;
  if (kind !== 'operator') return 'admin';
  const operator = await readOperator(db, Number(id));
  return operator?.status === 'active' ? operator.role : undefined;
}

/**
 * Returns the accounts that the caller of the request may not change: those of operators with a higher role. Anyone
 * who can change an account can also sign in to it, for example by a new address and a password reset.
 */
export async function beyondAuthority(db: Db, accountIds: readonly number[]): Promise<ReadonlySet<number>> {
  const operators = await readRoles(db, accountIds);
  if (operators.length === 0) return new Set();
  const caller = await roleOfCaller(db);
  return new Set(operators.filter(({ role }) => isLower(caller, role)).map(({ accountId }) => accountId));
}

/** Throws `OPERATOR_PROTECTED` for the account of an operator whose role is higher than the caller's. */
export async function requireAuthority(db: Db, accountId: number): Promise<void> {
  if ((await beyondAuthority(db, [accountId])).has(accountId)) throw new AppError('OPERATOR_PROTECTED');
}

/**
 * Returns the account that the caller is about to change, locked as by `existing`. The lock also holds back a change
 * of its role. Throws as `existing` and `requireAuthority` do.
 */
export async function changeable(tx: Db, accountId: number): Promise<Account> {
  const account = await existing(tx, accountId);
  await requireAuthority(tx, accountId);
  return account;
}
