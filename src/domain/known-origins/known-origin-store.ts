import type { Db } from '../../db/database.ts';
import { type Change, runStatement } from '../../db/one-statement.ts';

/** Returns the first of `origins` from which the account signed in during the last `days` days. */
export async function knownOrigin(
  db: Db,
  accountId: number,
  origins: readonly Buffer[],
  days: number,
): Promise<Buffer | undefined> {
  const rows = await db('sign_in_origins')
    .where({ account_id: accountId })
    .whereIn('origin', [...origins])
    .whereRaw('last_at > pratu_now() - make_interval(days => ?)', [days])
    .select('origin');
  const known = (rows as { origin: Buffer }[]).map(({ origin }) => origin);
  return origins.find((origin) => known.some((candidate) => candidate.equals(origin)));
}

export async function readOrigins(db: Db, accountId: number): Promise<Buffer[]> {
  const rows = await db('sign_in_origins').where({ account_id: accountId }).select('origin');
  return (rows as { origin: Buffer }[]).map(({ origin }) => origin);
}

/** The time during which a recorded origin is not recorded again. */
export const FRESH_SECONDS = 3600;

/** Records that an account signed in from these origins, except those recorded recently. */
export const rememberingOrigins = (accountId: number, origins: readonly Buffer[]): Change => ({
  text: `insert into sign_in_origins (account_id, origin)
     select $1::bigint, o.origin from unnest($2::bytea[]) as o (origin)
     where not exists (select 1 from sign_in_origins s where s.account_id = $1::bigint and s.origin = o.origin
       and s.last_at > pratu_now() - make_interval(secs => $3))
     on conflict (account_id, origin) do update set last_at = pratu_now()
     returning (xmax = 0) as is_new`,
  values: [accountId, [...origins], FRESH_SECONDS],
});

/** Returns how many of the origins are new. Of two simultaneous sign-ins from one origin, only one counts it as new. */
export async function rememberOrigins(
  db: Db,
  accountId: number,
  origins: readonly Buffer[],
): Promise<number> {
  if (origins.length === 0) return 0;
  const { rows } = await runStatement<{ is_new: boolean }>(db, rememberingOrigins(accountId, origins));
  return rows.filter((row) => row.is_new).length;
}
