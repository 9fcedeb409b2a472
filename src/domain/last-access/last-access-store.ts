import type { Db } from '../../db/database.ts';
import type { Channel } from '../clients/client.ts';

/** A client without a channel; partners are not told of it. */
export const OTHER = 'other';

/** One account's use of one channel, `age` seconds ago. */
export interface Access {
  accountId: number;
  channel: Channel | typeof OTHER;
  age: number;
}

export type LastAccesses = Partial<Record<Channel, Date>>;

/** Differences of a minute are not written: an account in constant use would make a dead row every few seconds. */
const WRITE = `
  insert into last_accesses as known (account_id, channel, at)
  select used.account_id, used.channel, pratu_now() - make_interval(secs => used.age)
  from unnest(?::bigint[], ?::text[], ?::float8[]) as used (account_id, channel, age)
  join accounts a on a.id = used.account_id and a.status <> 'deleted'
  order by used.account_id, used.channel
  for share of a
  on conflict (account_id, channel) do update set at = excluded.at
    where known.at < excluded.at - interval '1 minute'`;

/** All of them in one statement, in one order, so that two processes cannot wait for each other. */
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
