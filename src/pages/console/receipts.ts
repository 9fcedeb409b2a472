import type { Middleware } from 'koa';
import type { ErasureReceipts } from '../../domain/erasure-receipts/erasure-receipts.ts';
import type { ErasureReceiptPages } from '../../domain/erasure-receipts/receipt-pages.ts';
import type { ConsoleReceiptsData } from '../page-data/console-audit-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  erasureReceiptPages: ErasureReceiptPages;
  erasureReceipts: Pick<ErasureReceipts, 'verify'>;
  timeZone: string;
}

const PATH = '/console/receipts';
const SCOPE = 'admin:audit:read';
const ON_PAGE = 15;

/**
 * `/console/receipts`: the receipts of erased accounts, which contain no names. Verifies whether a receipt was issued
 * by this server.
 */
export const receiptsPage = (
  area: ConsoleArea,
  { erasureReceiptPages, erasureReceipts, timeZone }: Deps,
): Middleware => {
  const written = momentWriter(timeZone);

  async function verified(receipt: string): Promise<ConsoleReceiptsData['verified']> {
    if (receipt === '') return undefined;
    const found = await erasureReceipts.verify(receipt);
    if (!found) return null;
    const { id, erasedAt, erasedBy, erased } = found;
    const tables = Object.entries(erased).map(([table, rows]) => ({ table, rows }));
    return { id, at: written(erasedAt), erasedBy, tables };
  }

  return consolePage(area, {
    name: 'console/receipts',
    path: PATH,
    scope: SCOPE,
    async load({ query }, sent) {
      const typed = sent?.receipt?.trim() ?? '';
      const { data, next } = await erasureReceiptPages.page({
        limit: ON_PAGE,
        after: query.after || undefined,
      });
      return {
        typed,
        verified: await verified(typed),
        receipts: data.map(({ id, erasedAt, erasedBy }) => ({ id, at: written(erasedAt), erasedBy })),
        next: next === null ? null : `?${new URLSearchParams({ after: next })}`,
      };
    },
    forms: [{ scope: SCOPE }],
  });
};
