import { claim, count } from '../../db/claims.ts';
import type { Db } from '../../db/database.ts';
import type { CodePurpose } from './one-time-code.ts';

export interface CodeRow {
  id: number;
  mobile: string;
  digest: Buffer;
  purposes: CodePurpose[];
}

const newest = (db: Db, mobile: string) =>
  db('one_time_codes')
    .where({ mobile })
    .whereNull('used_at')
    .whereNull('replaced_at')
    .where('expires_at', '>', db.raw('pratu_now()'));

/** Puts a code in place of the number's older one. */
export async function replaceCode(
  db: Db,
  code: {
    mobile: string;
    prefix: string;
    digest: Buffer;
    purposes: CodePurpose[];
    browser: Buffer | null;
    lifetime: number;
  },
): Promise<void> {
  const { lifetime, ...columns } = code;
  await db('one_time_codes')
    .where({ mobile: code.mobile })
    .whereNull('used_at')
    .whereNull('replaced_at')
    .update({ replaced_at: db.raw('pratu_now()') });
  await db('one_time_codes').insert({
    ...columns,
    expires_at: db.raw('pratu_now() + make_interval(secs => ?)', [lifetime]),
  });
}

/** Takes a try at the number's code: the row while tries are left. */
export const takeTry = (db: Db, mobile: string, limit: number): Promise<CodeRow | undefined> =>
  count<CodeRow>(newest(db, mobile), 'tries', limit);

/** The try was right and does not count. */
export async function giveBackTry(db: Db, id: number): Promise<void> {
  await db('one_time_codes').where({ id }).where('tries', '>', 0).decrement('tries', 1);
}

/** Takes one of the answers that a right code gives; false when there have been enough. */
export async function takeAnswer(db: Db, id: number, limit: number): Promise<boolean> {
  return (await count(db('one_time_codes').where({ id }), 'answers', limit)) !== undefined;
}

/** Lets a code that was typed rightly live for `seconds` from now at least, unless it is over. */
export async function prolongCode(db: Db, id: number, seconds: number): Promise<void> {
  await db('one_time_codes')
    .where({ id })
    .where('expires_at', '>', db.raw('pratu_now()'))
    .update({
      expires_at: db.raw('greatest(expires_at, pratu_now() + make_interval(secs => ?))', [seconds]),
    });
}

/** Whether one of these codes was used up in the last `seconds` and had been asked for by this browser. */
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

/** Uses the code up: true for one caller only. */
export async function claimCode(db: Db, id: number): Promise<boolean> {
  const rows = db('one_time_codes').where({ id }).whereNull('replaced_at');
  return (await claim(rows.where('expires_at', '>', db.raw('pratu_now()')), 'used_at')) !== undefined;
}

export interface Conversion {
  prefix: string;
  sent: number;
  used: number;
}

/** Codes that were sent in the last day and had their time, by prefix, for prefixes with at least `sends` of them. */
export async function conversions(
  db: Db,
  sends: number,
  lifetime: number,
  prefix?: string,
): Promise<Conversion[]> {
  const rows = db('one_time_codes')
    .whereRaw(
      `created_at between pratu_now() - interval '1 day' and pratu_now() - make_interval(secs => ?)`,
      [lifetime],
    )
    .whereRaw('cardinality(purposes) > 0')
    .groupBy('prefix')
    .havingRaw('count(*) >= ?', [sends])
    .select('prefix', db.raw('count(*)::int as sent'), db.raw('count(used_at)::int as used'));
  return (prefix === undefined ? rows : rows.where({ prefix })) as Promise<Conversion[]>;
}
