import type { Domain } from '../../../src/compose/domain.ts';
import type { ImportSummary, RowReport } from '../../../src/domain/import/import.ts';

export interface Imported {
  reports: RowReport[];
  summary: ImportSummary;
}

/** A stream of rows, or of texts in place of rows, in chunks that end at arbitrary positions. */
export async function* streamOf(rows: Iterable<unknown>, chunkBytes = 1000): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  for (const row of rows) {
    const line = typeof row === 'string' ? row : JSON.stringify(row);
    waiting = Buffer.concat([waiting, Buffer.from(`${line}\n`)]);
    while (waiting.length >= chunkBytes) {
      yield waiting.subarray(0, chunkBytes);
      waiting = waiting.subarray(chunkBytes);
    }
  }
  yield waiting;
}

/** Runs an import to its end. */
export async function imported(
  domain: Pick<Domain, 'accountImport'>,
  rows: Iterable<unknown>,
  { dryRun = false } = {},
): Promise<Imported> {
  const run = domain.accountImport.run(streamOf(rows), { dryRun });
  const reports: RowReport[] = [];
  for (;;) {
    const { done, value } = await run.next();
    if (done) return { reports, summary: value };
    reports.push(value);
  }
}
