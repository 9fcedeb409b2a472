import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Import } from '../../domain/import/import.ts';
import { AppError } from '../../errors/app-error.ts';
import { keepContext } from '../../lib/request-context.ts';
import { type Described, ok, textIn } from './operation.ts';

export interface ImportDeps {
  accountImport: Pick<Import, 'run'>;
}

const NDJSON = 'application/x-ndjson';
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * Yields the report of each row as soon as it is committed, then the summary. A failure in between is the last line, in
 * place of the summary, because the status was sent with the first line.
 */
async function* reports(
  run: ReturnType<Import['run']>,
  inContext: ReturnType<typeof keepContext>,
): AsyncGenerator<string> {
  try {
    for (;;) {
      const { done, value } = await inContext(() => run.next());
      if (done) return yield line({ summary: value });
      yield line(value);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    yield line({ error: { code: error.code, detail: error.message } });
  }
}

export const importOperations = ({ accountImport }: ImportDeps): Described[] => [
  {
    id: 'importAccounts',
    method: 'post',
    path: '/admin/v1/accounts/import',
    streams: true,
    async run(parts, ctx: Context) {
      if (ctx.is(NDJSON) === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
      const dryRun = textIn(parts, 'dry_run') === 'true';
      ctx.type = NDJSON;
      return ok(Readable.from(reports(accountImport.run(ctx.req, { dryRun }), keepContext())));
    },
  },
];
