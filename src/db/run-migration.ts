import type { Knex } from 'knex';
import { AppError } from '../errors/app-error.ts';
import { causesOf } from '../lib/explanation.ts';
import { MigrationFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-source.ts';
import type { SqlStatement } from './sql-statements.ts';

/** What is told while migrations run. */
export type Progress =
  | { kind: 'migration'; migration: string }
  | { kind: 'statement'; migration: string; statement: string }
  /** `rows`: of the table, so far. */
  | { kind: 'batch'; migration: string; table: string; rows: number }
  /** Others hold a lock that it needs; it is tried again. */
  | { kind: 'waiting'; migration: string };

export type OnProgress = (progress: Progress) => void;

/** Rows that one statement of a batch changes and holds: a fraction of a second. */
const BATCH = 5000;

/**
 * A migration may take longer than a request, but must not make requests wait: everything that comes after a statement
 * that waits for a lock waits behind it. So it gives up soon, and is tried again.
 */
const IN_TRANSACTION = `set local statement_timeout = 0; set local lock_timeout = 1000;
  set local idle_in_transaction_session_timeout = 0`;
/** An index that is created concurrently waits for transactions that are under way; nobody waits for it. */
const WITHOUT_TRANSACTION = 'set lock_timeout = 600000';

const INDEX = /^create (?:unique )?index concurrently (?:if not exists )?(\w+)/i;

/** An index by this name: undefined when there is none, false when an interrupted run left it unusable. */
async function isValidIndex(knex: Knex, name: string): Promise<boolean | undefined> {
  const { rows } = await knex.raw(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass(?)',
    [name],
  );
  return (rows[0] as { valid: boolean } | undefined)?.valid;
}

/** Creates what an earlier run did not finish. */
async function createIndex(knex: Knex, name: string, text: string): Promise<void> {
  const valid = await isValidIndex(knex, name);
  if (valid) return;
  if (valid === false) await knex.raw(`drop index concurrently ${name}`);
  await knex.raw(text);
}

/** Goes through the table by its key. A new run starts again; what is done has to be excluded by the statement. */
async function inBatches(
  knex: Knex,
  { text, batches: { table, key } }: Required<SqlStatement>,
  onBatch: (rows: number) => void,
): Promise<void> {
  let after: unknown;
  for (let rows = 0; ; ) {
    const from = after === undefined ? '' : `where ${key} > ?`;
    const batch = await knex.raw(
      `select min(${key}) as first, max(${key}) as last, count(*)::int as rows
      from (select ${key} from ${table} ${from} order by ${key} limit ${BATCH}) as batch`,
      (after === undefined ? [] : [after]) as never[],
    );
    const { first, last, rows: some } = batch.rows[0] as { first: unknown; last: unknown; rows: number };
    if (some === 0) return;
    await knex.raw(text, [first, last] as never[]);
    after = last;
    rows += some;
    onBatch(rows);
  }
}

/** Whether the connection was lost, or none was made, as opposed to a statement that was refused. */
const isOutage = (error: unknown): boolean =>
  error instanceof AppError && !causesOf(error).some((cause) => 'severity' in cause);

interface RunOptions {
  onProgress: OnProgress;
  /** A session is not the migration's own, so it has the limits of the role. */
  pooled: boolean;
}

/** Runs one migration in the transaction `knex`, or without one. Throws `MigrationFailure`. */
export async function runMigration(
  file: MigrationFile,
  knex: Knex,
  { onProgress, pooled }: RunOptions,
): Promise<void> {
  const { name: migration, transaction } = file;
  let statement: string | undefined;
  let done = 0;
  const begin = (text: string): void => {
    statement = text;
    onProgress({ kind: 'statement', migration, statement: text });
  };
  onProgress({ kind: 'migration', migration });
  try {
    if (transaction) await knex.raw(IN_TRANSACTION);
    else if (!pooled) await knex.raw(WITHOUT_TRANSACTION);
    if ('up' in file) {
      knex.on('query', ({ sql }: { sql: string }) => begin(sql));
      await file.up(knex);
      return;
    }
    for (const one of file.statements) {
      begin(one.text);
      const index = INDEX.exec(one.text)?.[1];
      if (one.batches)
        await inBatches(knex, { ...one, batches: one.batches }, (rows) => {
          done += 1;
          onProgress({ kind: 'batch', migration, table: one.batches?.table ?? '', rows });
        });
      else if (index) await createIndex(knex, index, one.text);
      else await knex.raw(one.text);
      done += 1;
    }
  } catch (cause) {
    // a database that went away has an explanation of its own
    if (isOutage(cause)) throw cause;
    throw MigrationFailure.of({ migration, statement, inPart: !transaction && done > 0, cause });
  } finally {
    if (!transaction && !pooled) await knex.raw('reset lock_timeout').catch(() => {});
  }
}
