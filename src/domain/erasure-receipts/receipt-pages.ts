import type { LaggingRead } from '../../db/replica.ts';
import { type Page, type PageWanted, pageOf, positionIn } from '../values/cursor.ts';
import type { ErasureReceipt } from './erasure-receipt.ts';
import { COLUMNS } from './erasure-receipt-store.ts';

/** Erasure receipts for operators, in pages. */
export interface ErasureReceiptPages {
  /** Newest first. Throws `INVALID_CURSOR`. */
  page(wanted: PageWanted): Promise<Page<ErasureReceipt>>;
}

const LIST = 'erasure receipts';

export const erasureReceiptPages = ({ lagging }: { lagging: LaggingRead }): ErasureReceiptPages => ({
  async page({ limit, after }) {
    const [at, id] = positionIn(LIST, after, 2) ?? [];
    const found: ErasureReceipt[] = await lagging(async (db) => {
      const rows = db('erasure_receipts');
      if (at !== undefined && id !== undefined)
        rows.whereRaw('(erased_at, id) < (?::timestamptz, ?::text)', [at, id]);
      return rows
        .orderBy([
          { column: 'erased_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit + 1)
        .select(COLUMNS);
    });
    return pageOf(LIST, found, limit, ({ erasedAt, id: last }) => [erasedAt.toISOString(), last]);
  },
});
