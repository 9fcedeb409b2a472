import type { Db } from '../../db/database.ts';

/**
 * The condition of an unused account: no sign-in, no token, and no change of the account after this time. Operators are
 * never unused; a suspended account waits for an operator.
 */
const UNUSED_SINCE = `
  a.status in ('active', 'pending') and a.updated_at < s.at
  and not exists (select from operators o where o.account_id = a.id)
  and not exists (select from last_accesses l where l.account_id = a.id and l.at >= s.at)
  and not exists (
    select from audit e where e.account_id = a.id and e.at >= s.at and e.event = 'sign_in.succeeded')`;

/** Returns the next accounts by id, each with whether it has been unused for that many days and has no notice. */
export async function readSome(
  db: Db,
  { after, size, days }: { after: number; size: number; days: number },
): Promise<{ id: number; isDue: boolean }[]> {
  const { rows } = await db.raw(
    `select a.id, (${UNUSED_SINCE}) and not exists (
       select from retention_notices n where n.account_id = a.id) as "isDue"
     from (select * from accounts where id > ? order by id limit ?) a,
       (select pratu_now() - make_interval(days => ?) as at) s
     order by a.id`,
    [after, size, days],
  );
  return rows;
}

export async function isUnusedFor(db: Db, accountId: number, days: number): Promise<boolean> {
  const { rows } = await db.raw(
    `select from accounts a, (select pratu_now() - make_interval(days => ?) as at) s
     where a.id = ? and ${UNUSED_SINCE}`,
    [days, accountId],
  );
  return rows.length > 0;
}

export async function isUnusedSince(db: Db, accountId: number, at: Date): Promise<boolean> {
  const { rows } = await db.raw(
    `select from accounts a, (select ?::timestamptz as at) s where a.id = ? and ${UNUSED_SINCE}`,
    [at, accountId],
  );
  return rows.length > 0;
}

/** Inserts a notice. Returns when the account will be erased; undefined if its owner has been notified already. */
export async function insertNotice(db: Db, accountId: number, days: number): Promise<Date | undefined> {
  const [row]: { erase_at: Date }[] = await db('retention_notices')
    .insert({ account_id: accountId, erase_at: db.raw('pratu_now() + make_interval(days => ?)', [days]) })
    .onConflict('account_id')
    .ignore()
    .returning('erase_at');
  return row?.erase_at;
}

export async function readDue(db: Db, size: number): Promise<number[]> {
  const rows: { account_id: number }[] = await db('retention_notices')
    .where('erase_at', '<=', db.raw('pratu_now()'))
    .orderBy('erase_at')
    .limit(size)
    .select('account_id');
  return rows.map(({ account_id }) => account_id);
}

/** Takes a notice whose time has come. Returns when it was given; undefined for all but one of several processes. */
export async function takeDue(db: Db, accountId: number): Promise<Date | undefined> {
  const [row]: { noticed_at: Date }[] = await db('retention_notices')
    .where({ account_id: accountId })
    .where('erase_at', '<=', db.raw('pratu_now()'))
    .delete()
    .returning('noticed_at');
  return row?.noticed_at;
}

export async function deleteNotices(db: Db): Promise<void> {
  await db('retention_notices').delete();
}

export async function countNotices(db: Db): Promise<number> {
  return Number((await db('retention_notices').count())[0]?.count);
}
