import type { Db } from '../../db/database.ts';

/** A lookup of an account by a client. */
export interface Lookup {
  at: Date;
  clientId: string;
  /** Null when the client has no name or no longer exists. */
  clientName: string | null;
  /** The purpose that the client stated. */
  purpose: string | null;
  found: boolean;
}

const MOST = 100;

/** The event is a literal, so that the index on only these events is used. */
const LOOKUPS = `
  select a.at, a.client_id as "clientId", c.metadata->>'client_name' as "clientName",
    a.details->>'purpose' as purpose, (a.details->>'found')::boolean as found
  from audit a
  left join clients c on c.id = a.client_id
  where a.account_id = ? and a.event = 'account.looked_up' and a.at > pratu_now() - interval '12 months'
  order by a.at desc, a.id desc
  limit ${MOST}`;

export async function readLookups(db: Db, accountId: number): Promise<Lookup[]> {
  const { rows } = await db.raw(LOOKUPS, [accountId]);
  return rows as Lookup[];
}
