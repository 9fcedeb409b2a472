import type { Db } from '../../db/database.ts';

/** A stored backchannel authentication request that awaits a decision. */
export interface WaitingRow {
  /** The ID of its record. */
  id: string;
  clientId: string;
  payload: {
    scope?: string;
    resource?: string | string[];
    claims?: Record<string, Record<string, unknown> | undefined>;
    /** Epoch seconds. */
    iat: number;
    exp: number;
    params?: Record<string, unknown>;
  };
}

const WAITING = `
  select replace(r.id::text, '-', '') as id, r.client_id as "clientId", r.payload
  from records r
  join accounts a on a.id = r.account_id and a.generation = r.generation and a.status = 'active'
  where r.account_id = ? and r.kind = 'BackchannelAuthenticationRequest' and r.consumed_at is null
    and (r.payload->>'exp')::float8 > extract(epoch from pratu_now())
    and r.payload->>'grantId' is null and r.payload->>'error' is null
  order by r.created_at desc, r.id
  limit ?`;

/** Newest first. */
export async function readWaiting(db: Db, accountId: number, limit: number): Promise<WaitingRow[]> {
  const { rows } = await db.raw(WAITING, [accountId, limit]);
  return rows as WaitingRow[];
}
