import type { Db } from '../../db/database.ts';

/** Stores a challenge in place of an older one of the same ceremony. */
export async function writeChallenge(
  db: Db,
  { id, digest, seconds }: { id: Buffer; digest: Buffer; seconds: number },
): Promise<void> {
  const expires_at = db.raw('pratu_now() + make_interval(secs => ?)', [seconds]);
  await db('passkey_challenges').insert({ id, digest, expires_at }).onConflict('id').merge();
}

/** Uses up a challenge; returns false for one that has expired, was used or belongs to another ceremony. */
export const claimChallenge = async (db: Db, id: Buffer, digest: Buffer): Promise<boolean> =>
  (await db('passkey_challenges')
    .where({ id, digest })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .delete()) === 1;
