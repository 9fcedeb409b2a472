import type { Db } from '../../db/database.ts';
import { type Change, runStatement } from '../../db/one-statement.ts';

/** The first of `origins` that the account signed in from in the last `days` days. */
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

/** How long ago an origin may have been noted before it is noted again. */
export const FRESH_SECONDS = 3600;

/** Notes that an account signed in from these; writes nothing for those recorded recently. */
export const rememberingOrigins = (accountId: number, origins: readonly Buffer[]): Change => ({
  text: `insert into sign_in_origins (account_id, origin)
     select $1::bigint, o.origin from unnest($2::bytea[]) as o (origin)
     where not exists (select 1 from sign_in_origins s where s.account_id = $1::bigint and s.origin = o.origin
       and s.last_at > pratu_now() - make_interval(secs => $3))
     on conflict (account_id, origin) do update set last_at = pratu_now()
     returning (xmax = 0) as is_new`,
  values: [accountId, [...origins], FRESH_SECONDS],
});

/** How many of them are new: of two sign-ins at once, one is. */
export async function rememberOrigins(
  db: Db,
  accountId: number,
  origins: readonly Buffer[],
): Promise<number> {
  if (origins.length === 0) return 0;
  const { rows } = await runStatement<{ is_new: boolean }>(db, rememberingOrigins(accountId, origins));
  return rows.filter((row) => row.is_new).length;
}
