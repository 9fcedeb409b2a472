import { claim, count } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { NetworkSends, Sends } from './conversion.ts';
import type { CodePurpose, ContactCodePurpose } from './one-time-code.ts';

export interface CodeRow extends Record<TriesColumn, number> {
  id: number;
  /** E.164, or the key of an e-mail address. */
  mobile: string;
  digest: Buffer;
  purposes: (CodePurpose | ContactCodePurpose)[];
  /** The digest of the network that requested the code. */
  network: Buffer | null;
}

/**
 * The column that counts an attempt: of the network that requested the code, of places that signed in to the account,
 * or of all others.
 */
export type TriesColumn = 'tries' | 'tries_known' | 'tries_others';

/** Codes that are neither used, nor replaced, nor expired. */
const live = (db: Db) =>
  db('one_time_codes')
    .whereNull('used_at')
    .whereNull('replaced_at')
    .where('expires_at', '>', db.raw('pratu_now()'));

const REPLACEMENTS = 3;

/**
 * Inserts a code that replaces the number's older one. Of two concurrent codes, the later one replaces the other.
 * Throws `UNAVAILABLE` when concurrent requests interfere repeatedly.
 */
export async function replaceCode(
  db: Db,
  code: {
    mobile: string;
    /** Null for an e-mail address. */
    prefix: string | null;
    digest: Buffer;
    purposes: CodeRow['purposes'];
    browser: Buffer | null;
    network: Buffer;
    lifetime: number;
  },
): Promise<void> {
  const { lifetime, ...columns } = code;
  for (let time = 0; time < REPLACEMENTS; time += 1) {
    await db('one_time_codes')
      .where({ mobile: code.mobile })
      .whereNull('used_at')
      .whereNull('replaced_at')
      .update({ replaced_at: db.raw('pratu_now()') });
    // waits for a concurrent insert to commit, which the next update then sees
    const inserted = await db('one_time_codes')
      .insert({ ...columns, expires_at: db.raw('pratu_now() + make_interval(secs => ?)', [lifetime]) })
      .onConflict(db.raw('(mobile) where used_at is null and replaced_at is null') as never)
      .ignore()
      .returning('id');
    if (inserted.length > 0) return;
  }
  throw new AppError('UNAVAILABLE', { retryAfter: 1 });
}

/** Returns the last code that was sent to a number, if it can still be used. */
export const waitingCode = (db: Db, mobile: string): Promise<CodeRow | undefined> =>
  live(db).where({ mobile }).first();

/** Returns whether this is the last code that was sent to a number, and can still be used. */
export const isWaiting = async (db: Db, mobile: string, digest: Buffer): Promise<boolean> =>
  (await live(db).where({ mobile, digest }).first('id')) !== undefined;

/** Returns the state of the last code that was sent to a number; undefined if none is stored. */
export const lastCode = (db: Db, mobile: string): Promise<{ used: boolean; expired: boolean } | undefined> =>
  db('one_time_codes')
    .where({ mobile })
    .orderBy('id', 'desc')
    .first(db.raw('used_at is not null as used'), db.raw('expires_at <= pratu_now() as expired')) as never;

/** Consumes an attempt at a code. Returns the row if the code can be used and has attempts left. */
export const consumeAttempt = (
  db: Db,
  id: number,
  column: TriesColumn,
  limit: number,
): Promise<CodeRow | undefined> => count<CodeRow>(live(db).where({ id }), column, limit);

/** Refunds an attempt: a right one does not count. */
export async function refundAttempt(db: Db, id: number, column: TriesColumn): Promise<void> {
  await db('one_time_codes').where({ id }).where(column, '>', 0).decrement(column, 1);
}

/** Counts one of the times that a right code can be confirmed; returns false beyond the limit. */
export async function takeAnswer(db: Db, id: number, limit: number): Promise<boolean> {
  return (await count(db('one_time_codes').where({ id }), 'answers', limit)) !== undefined;
}

/** Extends the lifetime of a code that was typed correctly to at least `seconds` from now, unless it has expired. */
export async function prolongCode(db: Db, id: number, seconds: number): Promise<void> {
  await db('one_time_codes')
    .where({ id })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .update({
      expires_at: db.raw('greatest(expires_at, pratu_now() + make_interval(secs => ?))', [seconds]),
    });
}

/** Returns whether one of these codes was used up in the last `seconds` and had been requested by this browser. */
export async function isUsedBy(
  db: Db,
  code: { mobile: string; digests: readonly Buffer[]; browsers: readonly Buffer[]; seconds: number },
): Promise<boolean> {
  const row = await db('one_time_codes')
    .where({ mobile: code.mobile })
    .whereIn('digest', [...code.digests])
    .whereIn('browser', [...code.browsers])
    .whereRaw('used_at > pratu_now() - make_interval(secs => ?)', [code.seconds])
    .first('id');
  return row !== undefined;
}

/** Uses up the code; returns true for one caller only. */
export async function claimCode(db: Db, id: number): Promise<boolean> {
  const rows = db('one_time_codes').where({ id }).whereNull('replaced_at');
  return (await claim(rows.where('expires_at', '>', db.raw('pratu_now()')), 'used_at')) !== undefined;
}

export interface Conversion extends Sends {
  prefix: string;
}

/** Codes by SMS that were sent in the last day and whose lifetime has passed. */
const settled = (db: Db, lifetime: number) =>
  db('one_time_codes')
    .whereRaw(
      `created_at between pratu_now() - interval '1 day' and pratu_now() - make_interval(secs => ?)`,
      [lifetime],
    )
    .whereRaw('cardinality(purposes) > 0')
    .whereNotNull('prefix')
    .select(db.raw('count(*)::int as sent'), db.raw('count(used_at)::int as used'));

/** Returns the figures of every prefix with at least `sends` codes. */
export const conversions = (db: Db, sends: number, lifetime: number): Promise<Conversion[]> =>
  settled(db, lifetime).select('prefix').groupBy('prefix').havingRaw('count(*) >= ?', [sends]);

/** Returns the figures of a prefix, by network. */
export const networksOf = (db: Db, prefix: string, lifetime: number): Promise<NetworkSends[]> =>
  settled(db, lifetime).where({ prefix }).select('network').groupBy('network');
