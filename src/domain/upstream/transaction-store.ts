import type { Db } from '../../db/database.ts';

export type TransactionStep = 'sent' | 'answered' | 'used' | 'proved';

/** The purpose of a transaction: a sign-in in progress, or an account whose owner links it. */
export type TransactionPart = { interaction: string } | { accountId: number };

export interface TransactionRow {
  id: Buffer;
  provider: string;
  browser: Buffer;
  interaction: string | null;
  accountId: number | null;
  step: TransactionStep;
  links: boolean;
  sealed: Buffer;
}

const COLUMNS = [
  'id',
  'provider',
  'browser',
  'interaction',
  'account_id as accountId',
  'step',
  'links',
  'sealed',
];

export const columnsOf = (part: TransactionPart): { interaction: string } | { account_id: number } =>
  'interaction' in part ? part : { account_id: part.accountId };

const alive = (db: Db) => db('upstream_transactions').where('expires_at', '>', db.raw('pratu_now()'));

/** Stores a transaction, replacing an older one of the same part and provider. */
export async function writeTransaction(
  db: Db,
  row: Pick<TransactionRow, 'id' | 'provider' | 'browser' | 'sealed'>,
  part: TransactionPart,
  seconds: number,
): Promise<void> {
  const expires_at = db.raw('pratu_now() + make_interval(secs => ?)', [seconds]);
  const conflict = 'interaction' in part ? 'interaction' : 'account_id';
  await db('upstream_transactions')
    .insert({ ...row, ...columnsOf(part), expires_at, step: 'sent', links: false })
    .onConflict([conflict, 'provider'])
    .merge();
}

export const readTransaction = (db: Db, id: Buffer): Promise<TransactionRow | undefined> =>
  alive(db).where({ id }).first(COLUMNS);

/**
 * Moves a transaction to another step, optionally with new content. Returns false if another request moved it first.
 */
export const moveTransaction = async (
  db: Db,
  id: Buffer,
  { from, to, sealed }: { from: TransactionStep; to: TransactionStep; sealed?: Buffer },
): Promise<boolean> =>
  (await alive(db)
    .where({ id, step: from })
    .update({ step: to, ...(sealed ? { sealed } : {}) })) === 1;

/** The newest person of a sign-in who was authenticated by a provider and has no linked account. */
export const readProved = (
  db: Db,
  interaction: string,
  browser: Buffer,
): Promise<TransactionRow | undefined> =>
  alive(db).where({ interaction, browser, step: 'proved' }).orderBy('expires_at', 'desc').first(COLUMNS);

export const setLinks = async (db: Db, id: Buffer): Promise<void> => {
  await db('upstream_transactions').where({ id, step: 'proved' }).update({ links: true });
};

/** Returns false if it was removed before. */
export const removeTransaction = async (db: Db, id: Buffer): Promise<boolean> =>
  (await db('upstream_transactions').where({ id }).delete()) === 1;

export const hasTransaction = async (db: Db, interaction: string, provider: string): Promise<boolean> =>
  (await alive(db).where({ interaction, provider }).first('step')) !== undefined;
