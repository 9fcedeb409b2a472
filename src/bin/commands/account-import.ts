import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Import, ImportSummary } from '../../domain/import/import.ts';
import { releaseHeap } from '../../lib/release-heap.ts';
import { usage } from '../kit/failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import type { Terminal } from '../kit/terminal.ts';

const HELP = `
FILE has one JSON object a line (docs/import.md); - reads standard input. Standard output gets one JSON object for each row,
with its line, status (created, updated, unchanged, failed), account ID and errors, and at the end one with the
summary. Rows are committed in batches: run an interrupted import again. With failed rows, the exit code is 1.`;

const PROGRESS_MS = 1000;
/**
 * The number of rows between explicit collections. V8 lets garbage grow to several times the live heap before it
 * collects.
 */
const ROWS_PER_COLLECTION = 5000;

/**
 * Opens standard input or an existing file. The error omits the name, which may be part of a password hash split by a
 * shell.
 */
async function inputOf(file: string, terminal: Terminal): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return terminal.streamInput();
  const found = await stat(file).catch(() => undefined);
  if (!found || found.isDirectory()) throw usage('FILE cannot be read.');
  return createReadStream(file);
}

/** Writes each report as it arrives. Writes the progress to stderr once a second. */
async function reportAll(
  run: ReturnType<Import['run']>,
  terminal: Terminal,
): Promise<{ summary: ImportSummary; seconds: number }> {
  const started = Date.now();
  let told = started;
  for (let rows = 1; ; rows += 1) {
    if (rows % ROWS_PER_COLLECTION === 1) releaseHeap();
    const { done, value } = await run.next();
    const seconds = (Date.now() - started) / 1000;
    if (done) return { summary: value, seconds };
    await terminal.stream(`${JSON.stringify(value)}\n`);
    if (Date.now() - told < PROGRESS_MS) continue;
    told = Date.now();
    terminal.err(`${rows} rows, ${Math.round(rows / seconds)} per second\n`);
  }
}

export const accountImportCommand = (setting: Setting): Command =>
  subcommand({
    name: 'import <file>',
    description: 'creates or updates accounts from another system, one JSON object per line',
    example: 'account import accounts.ndjson > report.ndjson',
  })
    .option('--dry-run', 'reports what would happen and changes nothing')
    .addHelpText('after', HELP)
    .action(
      working(
        setting,
        async ({ domain, terminal }, file: string, { dryRun = false }: { dryRun?: boolean }) => {
          const input = await inputOf(file, terminal);
          const { summary, seconds } = await reportAll(domain.accountImport.run(input, { dryRun }), terminal);
          const { rows, created, updated, unchanged, failed } = summary;
          const counts = `${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} failed`;
          await terminal.stream(`${JSON.stringify({ summary })}\n`);
          terminal.err(`${rows} rows in ${seconds.toFixed(1)} s: ${counts}${dryRun ? ' (dry run)' : ''}\n`);
          return { data: { summary }, text: '', written: true, failed: failed > 0 };
        },
      ),
    );
