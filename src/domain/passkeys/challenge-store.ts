import type { Db } from '../../db/database.ts';

/** Keeps a challenge in place of an older one for the same purpose. */
export async function writeChallenge(
  db: Db,
  { id, digest, seconds }: { id: Buffer; digest: Buffer; seconds: number },
): Promise<void> {
  const expires_at = db.raw('pratu_now() + make_interval(secs => ?)', [seconds]);
  await db('passkey_challenges').insert({ id, digest, expires_at }).onConflict('id').merge();
}

/** Uses a challenge up; false for one that is over, was used or is another's. */
export const claimChallenge = async (db: Db, id: Buffer, digest: Buffer): Promise<boolean> =>
  (await db('passkey_challenges')
    .where({ id, digest })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .delete()) === 1;
