import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import { tellEveryContact } from '../accounts/every-contact.ts';
import { audit } from '../audit/audit.ts';
import type { LastAccess } from '../last-access/last-access.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Outbox } from '../messages/outbox.ts';
import {
  countNotices,
  deleteNotices,
  insertNotice,
  isUnusedFor,
  isUnusedSince,
  readDue,
  readSome,
  takeDue,
} from './retention-store.ts';

/** The result of a run. `kept`: accounts that were used after their notice. */
export type RetentionRun = Record<'noticed' | 'erased' | 'kept', number>;

/** Unused accounts: their owners are notified, and then the accounts are erased. */
export interface Retention {
  /**
   * Does a bounded part of the work, for a job: examines the next accounts by id, notifies the owners of unused ones,
   * and erases those whose notice is over. Several processes may run it; each account is claimed by one.
   */
  run(signal?: AbortSignal): Promise<RetentionRun>;
  /** Returns the number of accounts whose owners were notified. */
  waiting(): Promise<number>;
}

interface Deps {
  db: Db;
  outbox: (db: Db) => Outbox;
  /** Accounts in a given transaction. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'remove'>;
  lastAccess: Pick<LastAccess, 'flush'>;
  /** `inactiveDays`: 0 keeps all accounts. */
  settings: { inactiveDays: number; noticeDays: number };
  onRun?: ((run: RetentionRun) => void) | undefined;
}

/** The accounts that a run examines, and those that it notifies or erases. */
const EXAMINED = 1000;
const AT_ONCE = 100;

export function retention({ db, outbox, lifecycleIn, lastAccess, settings, onRun }: Deps): Retention {
  const { inactiveDays, noticeDays } = settings;
  /** The id after which the next run continues. */
  let after = 0;

  /** Returns false when the account is used, or its owner was notified. */
  const tell = (accountId: number): Promise<boolean> =>
    transaction(db, async (tx) => {
      const account = await existing(tx, accountId);
      if (!(await isUnusedFor(tx, accountId, inactiveDays))) return false;
      const until = await insertNotice(tx, accountId, noticeDays);
      if (!until) return false;
      await audit({ db: tx }).record({
        ...{ event: 'account.erasure_announced', accountId },
        details: { until: until.toISOString() },
      });
      const told = { kind: 'account-unused', values: { until: until.toISOString() } } as const;
      await tellEveryContact({ outbox: outbox(tx) }, account, told);
      return true;
    });

  /** Returns undefined when another process has done it. */
  const end = (accountId: number): Promise<'erased' | 'kept' | undefined> =>
    transaction(db, async (tx) => {
      await existing(tx, accountId);
      const noticedAt = await takeDue(tx, accountId);
      if (!noticedAt) return undefined;
      if (!(await isUnusedSince(tx, accountId, noticedAt))) return 'kept';
      await lifecycleIn(tx).remove(accountId, 'retention');
      return 'erased';
    });

  /** Ignores an account that was erased in the meantime. */
  const unlessGone = <Outcome>(work: Promise<Outcome>): Promise<Outcome | undefined> =>
    work.catch((error) => {
      if (error instanceof AppError && ['ACCOUNT_NOT_FOUND', 'ACCOUNT_DELETED'].includes(error.code))
        return undefined;
      throw error;
    });

  async function tellSome(run: RetentionRun, signal?: AbortSignal): Promise<void> {
    const examined = await readSome(db, { after, size: EXAMINED, days: inactiveDays });
    for (const { id, isDue } of examined) {
      if (signal?.aborted || run.noticed >= AT_ONCE) return;
      if (isDue && (await unlessGone(tell(id)))) run.noticed += 1;
      after = id;
    }
    if (examined.length < EXAMINED) after = 0;
  }

  async function endSome(run: RetentionRun, signal?: AbortSignal): Promise<void> {
    for (const id of await readDue(db, AT_ONCE)) {
      if (signal?.aborted) return;
      const outcome = await unlessGone(end(id));
      if (outcome) run[outcome] += 1;
    }
  }

  return {
    async run(signal) {
      const run: RetentionRun = { noticed: 0, erased: 0, kept: 0 };
      // an earlier notice must not count once the setting is enabled again
      if (inactiveDays === 0) await deleteNotices(db);
      else {
        await lastAccess.flush();
        await endSome(run, signal);
        await tellSome(run, signal);
        onRun?.(run);
      }
      return run;
    },
    waiting: () => countNotices(db),
  };
}
