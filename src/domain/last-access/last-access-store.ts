import type { Db } from '../../db/database.ts';
import type { Channel } from '../clients/client.ts';

/** The channel of clients without a channel; not reported to partners. */
export const OTHER = 'other';

/** The use of one channel by an account, `age` seconds ago. */
export interface Access {
  accountId: number;
  channel: Channel | typeof OTHER;
  age: number;
}

export type LastAccesses = Partial<Record<Channel, Date>>;

/**
 * Skips differences of up to a minute: an account in constant use would otherwise create a dead row every few seconds.
 */
const WRITE = `
  insert into last_accesses as known (account_id, channel, at)
  select used.account_id, used.channel, pratu_now() - make_interval(secs => used.age)
  from unnest(?::bigint[], ?::text[], ?::float8[]) as used (account_id, channel, age)
  join accounts a on a.id = used.account_id and a.status <> 'deleted'
  order by used.account_id, used.channel
  for share of a
  on conflict (account_id, channel) do update set at = excluded.at
    where known.at < excluded.at - interval '1 minute'`;

/** Writes all rows in one statement and in a fixed order, so that two processes cannot deadlock. */
export async function writeAccesses(db: Db, accesses: readonly Access[]): Promise<void> {
  await db.raw(WRITE, [
    accesses.map(({ accountId }) => accountId),
    accesses.map(({ channel }) => channel),
    accesses.map(({ age }) => age),
  ]);
}

export async function readAccesses(db: Db, accountId: number): Promise<LastAccesses> {
  const rows: { channel: Channel; at: Date }[] = await db('last_accesses')
    .where({ account_id: accountId })
    .whereNot({ channel: OTHER })
    .select('channel', 'at');
  return Object.fromEntries(rows.map(({ channel, at }) => [channel, at]));
}
