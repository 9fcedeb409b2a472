import type { Db } from '../../db/database.ts';

/** The activity of a partner in the last 24 hours. */
export interface PartnerActivity {
  lookups: number;
  exchanges: number;
  refused: number;
}

/** Counts events of the audit trail, by its index on client and time. The result is keyed by client ID. */
export const partnerActivity =
  ({ db }: { db: Db }) =>
  async (clientIds: readonly string[]): Promise<ReadonlyMap<string, PartnerActivity>> => {
    const { rows } = await db.raw(
      `select client_id as id,
         (count(*) filter (where event = 'account.looked_up'))::int as lookups,
         (count(*) filter (where event = 'exchange.succeeded'))::int as exchanges,
         (count(*) filter (where event = 'exchange.refused'))::int as refused
       from audit where client_id = any(?) and at > pratu_now() - interval '1 day' group by client_id`,
      [[...clientIds]],
    );
    return new Map(
      (rows as (PartnerActivity & { id: string })[]).map(({ id, ...activity }) => [id, activity]),
    );
  };
