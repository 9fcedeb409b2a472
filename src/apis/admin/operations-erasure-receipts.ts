import type { ErasureReceipts } from '../../domain/erasure-receipts/erasure-receipts.ts';
import type { ErasureReceiptPages } from '../../domain/erasure-receipts/receipt-pages.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Described, ok, pageIn } from './operation.ts';
import { receiptBody } from './wire.ts';

export interface ErasureReceiptsDeps {
  erasureReceipts: Pick<ErasureReceipts, 'find'>;
  erasureReceiptPages: ErasureReceiptPages;
}

/** The receipts of erased accounts. They do not identify a person. */
export const erasureReceiptOperations = ({
  erasureReceipts,
  erasureReceiptPages,
}: ErasureReceiptsDeps): Described[] => [
  {
    id: 'listErasureReceipts',
    method: 'get',
    path: '/admin/v1/erasure-receipts',
    async run({ query }) {
      const { data, next } = await erasureReceiptPages.page(pageIn(query));
      return ok({ data: data.map(receiptBody), next });
    },
  },
  {
    id: 'showErasureReceipt',
    method: 'get',
    path: '/admin/v1/erasure-receipts/:id',
    async run({ params }) {
      const found = await erasureReceipts.find(params.id ?? '');
      if (!found) throw new AppError('NOT_FOUND');
      return ok(receiptBody(found));
    },
  },
];
