import type { Db } from '../../db/database.ts';

/** The numbers of sign-ins in each of the last 24 hours, oldest first. */
export interface SignInsByHour {
  succeeded: number[];
  /** Failed or refused. */
  failed: number[];
}

const HOURS = 24;

/** Reads the audit trail by its index on event and time. */
export const signInsByHour =
  ({ db }: { db: Db }) =>
  async (): Promise<SignInsByHour> => {
    const { rows } = await db.raw(
      `select event = 'sign_in.succeeded' as right, count(*)::int as count,
         least(:hours - 1, floor(extract(epoch from pratu_now() - at) / 3600))::int as "hoursAgo"
       from audit
       where event = any(:events) and at > pratu_now() - make_interval(hours => :hours) and at <= pratu_now()
       group by 1, 3`,
      { events: ['sign_in.succeeded', 'sign_in.failed', 'sign_in.refused'], hours: HOURS },
    );
    const counted = rows as { right: boolean; count: number; hoursAgo: number }[];
    const series = (right: boolean): number[] =>
      Array.from(
        { length: HOURS },
        (_, hour) =>
          counted.find((row) => row.right === right && row.hoursAgo === HOURS - 1 - hour)?.count ?? 0,
      );
    return { succeeded: series(true), failed: series(false) };
  };
