import type { Db } from '../../db/database.ts';

/** The current access of a client to an account, by the tokens or the key that it holds. */
export interface ClientGrant {
  /** `recordId('Grant', …)`. */
  id: string;
  clientId: string;
  /** Null if the client has no name or was removed. */
  clientName: string | null;
  since: Date;
  /** When the client received its newest token. */
  renewedAt: Date;
}

/** Grants with a valid token. A grant that was not redeemed, or whose tokens have expired, gives no access. */
const LIVE = `
  select replace(g.id::text, '-', '') as id, g.client_id as "clientId", c.metadata->>'client_name' as "clientName",
    g.created_at as since, max(t.created_at) as "renewedAt"
  from records g
  join accounts a on a.id = g.account_id and a.generation = g.generation and a.status = 'active'
  join records t on t.grant_id = g.id and t.kind in ('AccessToken', 'RefreshToken')
    and t.consumed_at is null and t.expires_at > pratu_now()
  left join clients c on c.id = g.client_id
  where g.account_id = ? and g.kind = 'Grant' and g.expires_at > pratu_now()
  group by g.id, c.id
  order by "renewedAt" desc, g.id`;

export async function readGrants(db: Db, accountId: number): Promise<ClientGrant[]> {
  const { rows } = await db.raw(LIVE, [accountId]);
  return rows as ClientGrant[];
}

/** Locks rows in one order, so that concurrent removals of the same rows do not deadlock. */
const removing = (which: string): string => `
  with theirs as (
    select id from records g where g.kind = 'Grant' and g.account_id = ? and ${which}
  ), doomed as (
    select id from records where id in (select id from theirs) or grant_id in (select id from theirs)
    order by id for update
  )
  delete from records where id in (select id from doomed)
  returning id, kind, client_id as "clientId"`;

interface Removed {
  id: string;
  kind: string;
  clientId: string | null;
}

/** Removes grants of the account with all their records. Returns the clients of the grants that existed. */
export async function removeGrants(db: Db, accountId: number, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw(removing('g.id = any (?::uuid[])'), [accountId, [...ids]]);
  return (rows as Removed[]).filter(({ kind }) => kind === 'Grant').map(({ clientId }) => String(clientId));
}

/** Removes every grant that the account gave to a client, in the same way. Returns the IDs of the grants. */
export async function removeGrantsOf(db: Db, accountId: number, clientId: string): Promise<string[]> {
  const { rows } = await db.raw(removing('g.client_id = ?'), [accountId, clientId]);
  return (rows as Removed[]).filter(({ kind }) => kind === 'Grant').map(({ id }) => id);
}
