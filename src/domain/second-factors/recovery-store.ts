import type { Db } from '../../db/database.ts';

export interface RecoveryTimes {
  requestedAt: Date;
  /** The time from which it can be finished. */
  availableAt: Date;
}

export interface SecondFactorRecovery extends RecoveryTimes {
  /** Whether that time has passed. */
  isAvailable: boolean;
}

/** How long it can be finished once available: a week includes a weekend, when some owners return. */
const OPEN_DAYS = 7;
/** How long before that time every contact is reminded; a shorter wait has no reminder. */
const REMINDED_HOURS = 24;

/** Returns the recovery that waits or can be finished. */
export const readRecovery = (db: Db, accountId: number): Promise<SecondFactorRecovery | undefined> =>
  db('second_factor_recoveries')
    .where({ account_id: accountId })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .first({
      requestedAt: 'requested_at',
      availableAt: 'available_at',
      isAvailable: db.raw('available_at <= pratu_now()'),
    });

const timesOf = (row: { requested_at: Date; available_at: Date }): RecoveryTimes => ({
  requestedAt: row.requested_at,
  availableAt: row.available_at,
});

/** Begins a recovery. Returns undefined when there is one, which stays unchanged; an expired one is replaced. */
export async function insertRecovery(
  db: Db,
  accountId: number,
  delayHours: number,
): Promise<RecoveryTimes | undefined> {
  const { rows } = await db.raw(
    `insert into second_factor_recoveries (account_id, available_at, remind_at, expires_at)
     select :accountId, available, case when :delayHours > :reminded then available - make_interval(hours => :reminded) end,
       available + make_interval(days => :open)
     from (select pratu_now() + make_interval(hours => :delayHours) as available) as times
     on conflict (account_id) do update set requested_at = pratu_now(), available_at = excluded.available_at,
       remind_at = excluded.remind_at, expires_at = excluded.expires_at
     where second_factor_recoveries.expires_at <= pratu_now()
     returning requested_at, available_at`,
    { accountId, delayHours, reminded: REMINDED_HOURS, open: OPEN_DAYS },
  );
  return rows[0] && timesOf(rows[0]);
}

/** Ends a recovery, finished or not; returns false when there was none. */
export async function deleteRecovery(db: Db, accountId: number): Promise<boolean> {
  const count = await db('second_factor_recoveries')
    .where({ account_id: accountId })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .delete();
  return count === 1;
}

/** Uses up a recovery whose time has come; returns true for the first caller only. */
export async function claimAvailable(db: Db, accountId: number): Promise<boolean> {
  const count = await db('second_factor_recoveries')
    .where({ account_id: accountId })
    .where('available_at', '<=', db.raw('pratu_now()'))
    .where('expires_at', '>', db.raw('pratu_now()'))
    .delete();
  return count === 1;
}

/**
 * Takes a recovery whose contacts are to be reminded now; returns undefined when there is none, or when other processes
 * have taken them.
 */
export async function claimReminder(db: Db): Promise<(RecoveryTimes & { accountId: number }) | undefined> {
  const { rows } = await db.raw(
    `update second_factor_recoveries set remind_at = null where account_id = (
       select account_id from second_factor_recoveries where remind_at <= pratu_now() and expires_at > pratu_now()
       order by remind_at limit 1 for update skip locked)
     returning account_id, requested_at, available_at`,
  );
  return rows[0] && { accountId: Number(rows[0].account_id), ...timesOf(rows[0]) };
}
