import type { Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import type { Import, RowReport } from '../../domain/import/import.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { streamFileForm } from '../../http/multipart-stream.ts';
import { type ConsoleArea, consolePage, frameOf } from './console-page.ts';

interface Deps {
  accountImport: Pick<Import, 'run'>;
  guard: Pick<FormGuard, 'check'>;
}

const PATH = '/console/import';
const SCOPE = 'admin:accounts:write';
/** The number of failed rows that the page lists. The others are only counted. */
const MOST_FAILURES = 50;

/** `/console/import`: creates or updates accounts from a file, which is processed during the upload. */
export function importPage(area: ConsoleArea, { accountImport, guard }: Deps): Middleware {
  const files = new WeakMap<Context, Readable>();

  async function read(ctx: Context): Promise<Record<string, string>> {
    const { fields, file } = await streamFileForm(ctx, 'file');
    guard.check(ctx, fields.csrf);
    files.set(ctx, file);
    return fields;
  }

  return consolePage(area, {
    name: 'console/accounts-import',
    path: PATH,
    scope: SCOPE,
    load: async () => ({}),
    forms: [
      {
        scope: SCOPE,
        read,
        async submit({ dry_run: dry }, { ctx, operator }) {
          const file = files.get(ctx);
          if (!file) throw new AppError('FILE_MISSING', { field: 'file' });
          const failures: RowReport[] = [];
          const run = accountImport.run(file, { dryRun: dry === 'true' });
          for (;;) {
            const { done, value } = await run.next();
            if (!done) {
              if (value.status === 'failed' && failures.length < MOST_FAILURES) failures.push(value);
              continue;
            }
            const data = { ...frameOf(area, ctx, operator), summary: value, failures };
            area.show(ctx, 'console/accounts-imported', data, { status: 200, address: PATH });
            return undefined;
          }
        },
      },
    ],
  });
}
