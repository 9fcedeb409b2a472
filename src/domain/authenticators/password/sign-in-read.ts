import type { Db } from '../../../db/database.ts';
import type { Places } from '../../known-origins/known-origins.ts';

/** What a sign-in by password asks about an account. */
export interface SignInRead {
  /** The hash of its password; undefined without one. */
  hash: string | undefined;
  /** False for an account that certainly has no second factor; true for one that has a confirmed authenticator. */
  mayHaveSecondFactor: boolean;
  /** The place that it signed in from before. */
  place: Buffer | undefined;
  /** Every place was recorded moments ago: there is nothing to record. */
  isRecorded: boolean;
}

/**
 * Everything that a sign-in by password reads of an account besides the account, in one statement. It is the same for
 * an account that there is not. Read the account no later than this: a reset between the two must not make an old hash
 * count as of after the reset.
 */
export async function readSignIn(db: Db, accountId: number, places: Places): Promise<SignInRead> {
  const { rows } = await db.raw(
    `select
       (select c.hash from credentials c where c.account_id = :accountId and c.kind = 'password') as hash,
       exists (select 1 from authenticators a
         where a.account_id = :accountId and a.confirmed_at is not null) as "mayHaveSecondFactor",
       array(select o.origin from sign_in_origins o where o.account_id = :accountId
         and o.origin = any(:digests::bytea[]) and o.last_at > pratu_now() - make_interval(days => :days)) as known,
       array(select o.origin from sign_in_origins o where o.account_id = :accountId
         and o.origin = any(:digests::bytea[])
         and o.last_at > pratu_now() - make_interval(secs => :freshSeconds)) as recorded`,
    { accountId, ...places, digests: [...places.digests] },
  );
  const [{ hash, mayHaveSecondFactor, known, recorded }] = rows as [
    { hash: string | null; mayHaveSecondFactor: boolean; known: Buffer[]; recorded: Buffer[] },
  ];
  const isAmong = (all: readonly Buffer[]) => (place: Buffer) => all.some((one) => one.equals(place));
  return {
    hash: hash ?? undefined,
    mayHaveSecondFactor,
    place: places.digests.find(isAmong(known)),
    isRecorded: places.digests.every(isAmong(recorded)),
  };
}
