import { Command } from 'commander';
import { decodeJwt, errors, importJWK, jwtVerify } from 'jose';
import { RECEIPT_TYPE } from '../../domain/erasure-receipts/erasure-receipt.ts';
import { fields, table } from '../kit/answer.ts';
import type { CommandContext } from '../kit/command-context.ts';
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

/** The stored key verifies it: that of the key set may be gone by now. Undefined for what was not issued here. */
async function verified({ config, domain }: CommandContext, receipt: string) {
  try {
    const stored = await domain.erasureReceipts.find(String(decodeJwt(receipt).jti));
    if (!stored) return undefined;
    const { payload } = await jwtVerify(receipt, await importJWK(stored.publicKey, 'RS256'), {
      issuer: config.server.issuer,
      typ: RECEIPT_TYPE,
      algorithms: ['RS256'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

const verify = (setting: Setting): Command =>
  subcommand({
    name: 'verify <receipt>',
    description: 'says whether this deployment issued a receipt, also when its signing key has been removed',
    example: 'receipt verify eyJhbGciOi…',
  }).action(
    working(setting, async (context, receipt: string) => {
      const payload = await verified(context, receipt);
      if (!payload)
        return { data: { valid: false }, text: 'This deployment did not issue this receipt.', failed: true };
      const { jti, iat = 0, erased_by, erased } = payload;
      const data = { valid: true, id: jti, erased_at: new Date(iat * 1000), erased_by, erased };
      return { data, text: fields(data) };
    }),
  );

export function receiptCommands(setting: Setting): Command {
  const group = new Command('receipt').description('lists and verifies receipts of erased accounts');
  group.addCommand(list(setting));
  group.addCommand(verify(setting));
  return group;
}
