import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import { notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { ContactKey } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { PasswordPolicy, PersonalContext } from '../credentials/password-policy.ts';
import { contextOf } from '../credentials/personal-context.ts';
import type { Identifiers } from '../identifiers/identifiers.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import { resetTrust } from '../recovery/reset-trust.ts';
import type { PreparedChange, PreservedSession } from '../sessions/end-sessions.ts';
import { signOutOthers } from '../sessions/sign-out-others.ts';

export interface PasswordChange {
  /** Checks a new password of an account without setting it. Returns the error, or undefined if it is acceptable. */
  problem(accountId: number, next: string): Promise<ErrorCode | undefined>;
  /**
   * Replaces the current password, which the caller has verified, and revokes every session and token except
   * `preservedSession`. Throws the policy's codes.
   */
  change(change: { accountId: number; next: string; preservedSession: PreservedSession }): Promise<void>;
  /**
   * The slow half of `change`, to be run before the transaction. Returns the other half, to be run in the transaction.
   */
  prepare(account: Account, next: string): Promise<PreparedChange>;
  /**
   * Sets a password by a code that verifies the mobile number, and revokes all sessions and tokens of the account. A
   * password that violates the policy is rejected before the code is checked. Throws `CODE_WRONG`, the policy's codes,
   * `TOO_MANY_ATTEMPTS`.
   */
  resetByCode(reset: { mobile: string; code: string; next: string; origin: Origin }): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  nationalIds: Pick<NationalIds, 'read'>;
  identifiers: Pick<Identifiers, 'trustedAccount'>;
  credentials: (db: Db) => Credentials;
  policy: PasswordPolicy;
  codes: OneTimeCodes;
  outbox: (db: Db) => Outbox;
}

export function passwordChange(deps: Deps): PasswordChange {
  const { db, keyring, accounts, credentials, outbox } = deps;

  const personal = async (account: Account): Promise<PersonalContext> =>
    contextOf(account, await deps.nationalIds.read(account.id));

  const hash = async (account: Account, password: string): Promise<string> =>
    credentials(db).hash(password, await personal(account));

  async function present(accountId: number): Promise<Account> {
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    return account;
  }

  /** A contact instead of a session to preserve means a recovery: the caller has verified that contact. */
  async function write(
    tx: Db,
    account: Account,
    hashed: string,
    by: PreservedSession | ContactKey,
  ): Promise<void> {
    const around = { db: tx, keyring, outbox: outbox(tx) };
    if ('generation' in by) await signOutOthers(around, account.id, by);
    else await resetTrust(around, account.id, by);
    await credentials(tx).write(account.id, hashed);
    // read again: after a recovery, other contacts are no longer trusted
    await notify({ outbox: outbox(tx) }, await existing(tx, account.id), 'password-changed');
    await audit({ db: tx }).record({ event: 'account.password_changed', accountId: account.id });
  }

  return {
    problem: async (accountId, next) => deps.policy(next, await personal(await present(accountId))),
    async change({ accountId, next, preservedSession }) {
      const account = await present(accountId);
      const hashed = await hash(account, next);
      await transaction(db, (tx) => write(tx, account, hashed, preservedSession));
    },
    async prepare(account, next) {
      const hashed = await hash(account, next);
      return (tx, preservedSession) => write(tx, account, hashed, preservedSession);
    },
    async resetByCode({ mobile, code, next, origin }) {
      const refused = deps.policy(next, { names: [], emails: [], mobiles: [mobile] });
      if (refused) throw new AppError(refused, { field: 'password' });
      const right = await deps.codes.check({ mobile, code, purpose: 'reset', origin });
      const account = await deps.identifiers.trustedAccount({ kind: 'mobile', key: mobile });
      if (!account) throw new AppError('CODE_WRONG');
      const hashed = await hash(account, next);
      await transaction(db, async (tx) => {
        await deps.codes.use(tx, right);
        await write(tx, account, hashed, { kind: 'mobile', key: mobile });
      });
    },
  };
}
