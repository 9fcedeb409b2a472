import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import { accounts, existing } from '../accounts/accounts.ts';
import { tellEveryContact } from '../accounts/every-contact.ts';
import { audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import { signOutOthers } from '../sessions/sign-out-others.ts';
import { endRecovery } from './recovery-end.ts';
import {
  claimAvailable,
  claimReminder,
  insertRecovery,
  type RecoveryTimes,
  readRecovery,
  type SecondFactorRecovery,
} from './recovery-store.ts';
import { deleteAuthenticators, isAnyConfirmed, replaceRecoveryCodes } from './second-factor-store.ts';

export type { SecondFactorRecovery } from './recovery-store.ts';

/**
 * Lets owners who have lost their second factor recover without an operator: they wait while every contact is notified,
 * and a completed second factor ends the wait. The caller decides who may begin and finish: a person who has just
 * completed the first factor, and proved a contact.
 */
export interface SecondFactorRecoveries {
  /** How long an owner waits; 0 where only operators help. */
  readonly delayHours: number;
  /** Returns the recovery that waits or can be finished. */
  find(accountId: number): Promise<SecondFactorRecovery | undefined>;
  /**
   * Begins the wait and notifies every verified contact. A recovery that already waits stays unchanged, with its date.
   * Throws `NOT_FOUND` for an account without a second factor or a suspended one, and where only operators help.
   */
  begin(accountId: number): Promise<void>;
  /** Ends the wait and notifies the owner. Returns false when there was nothing to end. */
  cancel(accountId: number): Promise<boolean>;
  /**
   * Removes every second factor once the wait is over, ends all sessions and tokens of the account, and notifies every
   * verified contact. Returns the new generation of the account. Before that time, and for all but one of several
   * concurrent calls, does nothing and returns undefined.
   */
  finish(accountId: number): Promise<number | undefined>;
  /** Notifies every contact again, a day before the wait is over. For a job. */
  remind(): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
  /** Passkeys are second factors too. */
  passkeys: {
    has(db: Db, accountId: number): Promise<boolean>;
    removeAll(db: Db, accountId: number): Promise<void>;
  };
  delayHours: number;
}

export function secondFactorRecoveries(deps: Deps): SecondFactorRecoveries {
  const { db, keyring, passkeys, delayHours } = deps;
  const isOffered = delayHours > 0;
  const isPossible = ({ status }: Account): boolean => isOffered && status === 'active';

  const hasAny = async (tx: Db, accountId: number): Promise<boolean> =>
    (await isAnyConfirmed(tx, accountId)) || (await passkeys.has(tx, accountId));

  const tellOf = (
    tx: Db,
    account: Account,
    { requestedAt: doneAt, availableAt }: RecoveryTimes,
  ): Promise<void> =>
    tellEveryContact({ outbox: deps.outbox(tx) }, account, {
      ...{ kind: 'second-factor-recovery', doneAt },
      values: { until: availableAt.toISOString() },
    });

  return {
    delayHours,
    find: async (accountId) => (isOffered ? readRecovery(db, accountId) : undefined),
    begin: (accountId) =>
      transaction(db, async (tx) => {
        const account = await existing(tx, accountId);
        if (!isPossible(account) || !(await hasAny(tx, accountId))) throw new AppError('NOT_FOUND');
        const begun = await insertRecovery(tx, accountId, delayHours);
        if (!begun) return;
        await audit({ db: tx }).record({
          event: 'second_factor.recovery_requested',
          accountId,
          details: { until: begun.availableAt.toISOString() },
        });
        await tellOf(tx, account, begun);
      }),
    cancel: (accountId) =>
      transaction(db, (tx) => endRecovery({ db: tx, outbox: deps.outbox(tx) }, accountId, 'owner')),
    finish: (accountId) =>
      transaction(db, async (tx) => {
        const account = await existing(tx, accountId);
        if (!isPossible(account) || !(await claimAvailable(tx, accountId))) return undefined;
        await deleteAuthenticators(tx, accountId);
        await replaceRecoveryCodes(tx, accountId, []);
        await passkeys.removeAll(tx, accountId);
        const around = { db: tx, keyring, outbox: deps.outbox(tx) };
        await signOutOthers(around, accountId);
        await audit({ db: tx }).record({ event: 'second_factor.recovered', accountId });
        await tellEveryContact(around, account, { kind: 'second-factor-recovered', values: {} });
        return (await existing(tx, accountId)).generation;
      }),
    async remind() {
      const remindOne = (): Promise<boolean> =>
        transaction(db, async (tx) => {
          const due = await claimReminder(tx);
          if (!due) return false;
          // in the same transaction, because the embedded database has one connection; without a lock, because
          // finishing locks the account first
          const account = await accounts({ db: tx }).find(due.accountId);
          if (account) await tellOf(tx, account, due);
          return true;
        });
      while (isOffered && (await remindOne()));
    },
  };
}
