import type { Db } from '../../db/database.ts';
import { type Page, type PageWanted, pageOf, positionIn } from '../values/cursor.ts';
import type { ErasureReceipt } from './erasure-receipt.ts';

const COLUMNS = {
  id: 'id',
  erasedAt: 'erased_at',
  erasedBy: 'erased_by',
  receipt: 'receipt',
  publicKey: 'public_key',
} as const;
const LIST = 'erasure receipts';

/** The time of the database. */
export async function readNow(db: Db): Promise<Date> {
  const { rows } = await db.raw('select pratu_now() as now');
  return rows[0].now;
}

export async function insertReceipt(db: Db, receipt: ErasureReceipt): Promise<void> {
  await db('erasure_receipts').insert({
    id: receipt.id,
    erased_at: receipt.erasedAt,
    erased_by: receipt.erasedBy,
    receipt: receipt.receipt,
    public_key: JSON.stringify(receipt.publicKey),
  });
}

export const readReceipt = (db: Db, id: string): Promise<ErasureReceipt | undefined> =>
  db('erasure_receipts').where({ id }).first<ErasureReceipt | undefined>(COLUMNS);

/** The newest first. Throws `INVALID_CURSOR`. */
export async function readReceipts(db: Db, { limit, after }: PageWanted): Promise<Page<ErasureReceipt>> {
  const rows = db('erasure_receipts');
  const [at, id] = positionIn(LIST, after, 2) ?? [];
  if (at !== undefined && id !== undefined)
    rows.whereRaw('(erased_at, id) < (?::timestamptz, ?::text)', [at, id]);
  const found: ErasureReceipt[] = await rows
    .orderBy([
      { column: 'erased_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1)
    .select(COLUMNS);
  return pageOf(LIST, found, limit, ({ erasedAt, id: last }) => [erasedAt.toISOString(), last]);
}
