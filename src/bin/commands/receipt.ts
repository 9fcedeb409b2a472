import { Command } from 'commander';
import { fields, table } from '../kit/answer.ts';
import { pageSize } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';

const list = (setting: Setting): Command =>
  subcommand({
    name: 'list',
    description: 'lists the receipts of erased accounts, newest first; they name nobody',
    example: 'receipt list',
  })
    .option('--limit <number>', 'how many at most', pageSize, 50)
    .action(
      working(setting, async ({ domain }, { limit }: { limit: number }) => {
        const { data } = await domain.erasureReceiptPages.page({ limit });
        const shown = data.map(({ id, erasedAt, erasedBy, receipt }) => ({
          ...{ id, erased_at: erasedAt, erased_by: erasedBy, receipt },
        }));
        const rows = shown.map((one) => [one.id, one.erased_at, one.erased_by]);
        return { data: shown, text: table(['id', 'erased', 'by'], rows) };
      }),
    );

const verify = (setting: Setting): Command =>
  subcommand({
    name: 'verify <receipt>',
    description: 'says whether this deployment issued a receipt, also when its signing key has been removed',
    example: 'receipt verify eyJhbGciOi…',
  }).action(
    working(setting, async ({ domain }, receipt: string) => {
      const verified = await domain.erasureReceipts.verify(receipt);
      if (!verified)
        return { data: { valid: false }, text: 'This deployment did not issue this receipt.', failed: true };
      const { id, erasedAt, erasedBy, erased } = verified;
      const data = { valid: true, id, erased_at: erasedAt, erased_by: erasedBy, erased };
      return { data, text: fields(data) };
    }),
  );

export function receiptCommands(setting: Setting): Command {
  const group = new Command('receipt').description('lists and verifies receipts of erased accounts');
  group.addCommand(list(setting));
  group.addCommand(verify(setting));
  return group;
}
