import type { Db } from '../../db/database.ts';

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

export async function rememberOrigins(db: Db, accountId: number, origins: readonly Buffer[]): Promise<void> {
  if (origins.length === 0) return;
  await db('sign_in_origins')
    .insert(origins.map((origin) => ({ account_id: accountId, origin })))
    .onConflict(['account_id', 'origin'])
    .merge({ last_at: db.raw('pratu_now()') });
}
