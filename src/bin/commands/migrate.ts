import type { Command } from 'commander';
import { migrate } from '../../db/migrate.ts';
import { migrationPlan, type PlannedMigration } from '../../db/migration-plan.ts';
import type { Progress } from '../../db/run-migration.ts';
import { inOneLine } from '../../db/sql-statements.ts';
import { type Answer, table } from '../kit/answer.ts';
import type { CommandContext } from '../kit/command-context.ts';
import { seconds } from '../kit/option-values.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import type { Terminal } from '../kit/terminal.ts';

/** The interval between progress lines for a slow statement. */
const REPORT_EVERY_MS = 10_000;
const UP_TO_DATE = 'The database schema is already up to date.';

/** Writes the progress to standard error. `end` stops the reports. */
function reporter({ err }: Terminal): { onProgress: (progress: Progress) => void; end: () => void } {
  let running: { migration: string; statement: string; since: number } | undefined;
  const timer = setInterval(() => {
    if (!running) return;
    const passed = Math.round((performance.now() - running.since) / 1000);
    err(`${running.migration}: ${passed} s so far: ${inOneLine(running.statement, 80)}\n`);
  }, REPORT_EVERY_MS);
  return {
    end: () => clearInterval(timer),
    onProgress(progress) {
      const { migration } = progress;
      if (progress.kind === 'migration') err(`${migration}\n`);
      else if (progress.kind === 'statement') {
        running = { migration, statement: progress.statement, since: performance.now() };
      } else if (progress.kind === 'batch')
        err(`${migration}: ${progress.table}, ${progress.rows} rows done\n`);
      else err(`${migration}: waits for transactions that hold its tables, and tries again\n`);
    },
  };
}

const duration = (time: number): string => (time < 1 ? '< 1 s' : `${Math.ceil(time)} s`);

/** Lists one row for each statement that locks an existing table. The other statements lock nothing. */
function planText(planned: PlannedMigration[]): string {
  if (planned.length === 0) return UP_TO_DATE;
  const rows = planned.flatMap(({ name, transaction, statements }) => {
    const touching = statements.filter(({ lock }) => lock !== 'none');
    const how = transaction ? 'one transaction' : 'statement by statement';
    if (touching.length === 0)
      return [[name, how, '-', '-', 'none', '< 1 s', `${statements.length} statements`]];
    return touching.map((one) => [
      name,
      one.batches ? 'in batches' : how,
      one.table,
      Math.round(one.rows),
      one.lock,
      duration(one.seconds),
      inOneLine(one.statement, 60),
    ]);
  });
  const total = planned.flatMap(({ statements }) => statements).reduce((sum, one) => sum + one.seconds, 0);
  return [
    table(['migration', 'run', 'table', 'rows', 'lock', 'estimate', 'statement'], rows),
    `${planned.length} migration(s), about ${duration(total)}. Nothing was changed.`,
  ].join('\n');
}

async function planned({ database }: CommandContext): Promise<Answer> {
  const migrations = await migrationPlan(database);
  return { data: { migrations }, text: planText(migrations) };
}

async function applied({ database, terminal }: CommandContext, waitMs: number): Promise<Answer> {
  const { onProgress, end } = reporter(terminal);
  try {
    const names = await migrate(database, { onProgress, waitMs });
    const text = names.length > 0 ? `applied: ${names.join(', ')}` : UP_TO_DATE;
    return { data: { applied: names }, text };
  } finally {
    end();
  }
}

export const migrateCommand = (setting: Setting): Command =>
  subcommand({
    name: 'migrate',
    description:
      'migrates the database schema to the latest version; safe to run repeatedly and concurrently',
    example: 'migrate --plan',
  })
    .option('--plan', 'shows what would run, with locks, rows and estimated time, and runs nothing')
    .option('--wait <duration>', 'how long it waits for others that migrate or hold tables', seconds, 60)
    .action(
      working<[{ plan?: boolean; wait: number }]>(
        setting,
        (context, { plan, wait }) => (plan ? planned(context) : applied(context, wait * 1000)),
        { bootstrapped: false },
      ),
    );
