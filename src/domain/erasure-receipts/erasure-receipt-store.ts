import type { Db } from '../../db/database.ts';
import type { ErasureReceipt } from './erasure-receipt.ts';

/** The columns of a receipt, by its members. */
export const COLUMNS = {
  id: 'id',
  erasedAt: 'erased_at',
  erasedBy: 'erased_by',
  receipt: 'receipt',
  publicKey: 'public_key',
} as const;

/** Returns the time of the database. */
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
