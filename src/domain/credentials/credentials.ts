import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { PasswordHasher } from '../../lib/passwords/password-hasher.ts';
import type { IsBreached } from './breached-passwords.ts';
import { readPasswordHash, writePasswordHash } from './credential-store.ts';
import type { PasswordPolicy, PersonalContext } from './password-policy.ts';

/** For the flow that compares a password and renews its hash. */
export { readPasswordHash, replacePasswordHash } from './credential-store.ts';

export interface Credentials {
  /**
   * Checks a new password against the policy and known breaches, and hashes it. This is slow: call it before the
   * transaction that `write` belongs to. Throws the policy's `PASSWORD_…` codes.
   */
  hash(password: string, context: PersonalContext): Promise<string>;
  write(accountId: number, hash: string): Promise<void>;
  /** Returns whether the account has a password. */
  has(accountId: number): Promise<boolean>;
}

interface Deps {
  db: Db;
  hasher: PasswordHasher;
  policy: PasswordPolicy;
  /** Undefined if passwords are not checked for breaches. */
  isBreached?: IsBreached | undefined;
}

/** Returns whether an account has a password. */
export const hasPassword = async (db: Db, accountId: number): Promise<boolean> =>
  (await readPasswordHash(db, accountId)) !== undefined;

export const credentials = ({ db, hasher, policy, isBreached }: Deps): Credentials => ({
  async hash(password, context) {
    const refused = policy(password, context);
    if (refused) throw new AppError(refused, { field: 'password' });
    if (await isBreached?.(password)) throw new AppError('PASSWORD_BREACHED', { field: 'password' });
    return hasher.hash(password);
  },
  write: (accountId, hash) => writePasswordHash(db, accountId, hash),
  has: (accountId) => hasPassword(db, accountId),
});
