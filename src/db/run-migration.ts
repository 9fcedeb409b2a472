import type { Knex } from 'knex';
import { AppError } from '../errors/app-error.ts';
import { causesOf } from '../lib/explanation.ts';
import type { LockRetries } from './lock-retries.ts';
import { MigrationFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-source.ts';
import type { SqlStatement } from './sql-statements.ts';

/** The events that are reported while migrations run. */
export type Progress =
  | { kind: 'migration'; migration: string }
  | { kind: 'statement'; migration: string; statement: string }
  /** `rows`: rows of the table processed so far. */
  | { kind: 'batch'; migration: string; table: string; rows: number }
  /** Other transactions hold a lock that it needs; it will be retried. */
  | { kind: 'waiting'; migration: string };

export type OnProgress = (progress: Progress) => void;

/** The rows that one statement of a batch changes and locks, for a fraction of a second. */
const BATCH = 5000;

/**
 * A migration may take longer than a request, but must not block requests. While a statement waits for a lock, all
 * later statements queue behind it. It therefore gives up soon and is retried.
 */
const IN_TRANSACTION = `set local statement_timeout = 0; set local lock_timeout = 1000;
  set local idle_in_transaction_session_timeout = 0`;
/** Work on an index waits for running transactions if it is concurrent, and blocks none of them. */
const CONCURRENT = /\bconcurrently\b/i;
const LONG_WAIT = 'set lock_timeout = 600000';
const USUAL_WAIT = 'reset lock_timeout';

const INDEX = /^create (?:unique )?index concurrently (?:if not exists )?(\w+)/i;

/**
 * Whether the index of this name is valid: undefined if there is none, false if an interrupted run left it unusable.
 */
async function isValidIndex(knex: Knex, name: string): Promise<boolean | undefined> {
  const { rows } = await knex.raw(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass(?)',
    [name],
  );
  return (rows[0] as { valid: boolean } | undefined)?.valid;
}

/** Creates the index unless an earlier run finished it. */
async function createIndex(knex: Knex, name: string, text: string): Promise<void> {
  const valid = await isValidIndex(knex, name);
  if (valid) return;
  if (valid === false) await knex.raw(`drop index concurrently ${name}`);
  await knex.raw(text);
}

interface Batches extends Required<Pick<SqlStatement, 'batches'>> {
  /** Runs the statement for the rows between two keys. */
  run: (keys: unknown[]) => Promise<void>;
  onBatch: (rows: number) => void;
}

/**
 * Processes the table in the order of its key. A new run starts from the beginning, so the statement must exclude rows
 * that are done.
 */
async function inBatches(knex: Knex, { batches: { table, key }, run, onBatch }: Batches): Promise<void> {
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
    await run([first, last]);
    after = last;
    rows += some;
    onBatch(rows);
  }
}

/** Runs work that blocks no requests while it waits for a lock. */
async function waitingLong(knex: Knex, work: () => Promise<unknown>): Promise<void> {
  await knex.raw(LONG_WAIT);
  try {
    await work();
  } finally {
    // a connection that was lost has no settings
    await knex.raw(USUAL_WAIT).catch(() => {});
  }
}

/** Whether the connection was lost, or none was made, as opposed to a statement that was rejected. */
const isOutage = (error: unknown): boolean =>
  error instanceof AppError && !causesOf(error).some((cause) => 'severity' in cause);

/** The name of a statement among the work that waits for locks. */
export const workName = (migration: string, statement = ''): string => `${migration}: ${statement}`;

interface RunOptions {
  onProgress: OnProgress;
  /** Whether sessions are shared through a pooler. The limits of the role then apply. */
  pooled: boolean;
  retries: LockRetries;
}

/**
 * Runs one migration in the transaction `knex`, or without one. Throws `MigrationFailure`. Without a transaction, a
 * statement that waits for a lock is retried alone: the index before it is not created again.
 */
export async function runMigration(
  file: MigrationFile,
  knex: Knex,
  { onProgress, pooled, retries }: RunOptions,
): Promise<void> {
  const { name: migration, transaction } = file;
  let statement: string | undefined;
  let done = 0;
  const begin = (text: string): void => {
    statement = text;
    onProgress({ kind: 'statement', migration, statement: text });
  };
  const onWaiting = (): void => onProgress({ kind: 'waiting', migration });
  /** Runs the statement `text` or one batch of it. */
  async function part(text: string, work: () => Promise<unknown>): Promise<void> {
    const limited = CONCURRENT.test(text) && !pooled ? () => waitingLong(knex, work) : work;
    if (transaction) await work();
    else await retries.during(workName(migration, text), limited, onWaiting);
  }
  onProgress({ kind: 'migration', migration });
  try {
    if (transaction) await knex.raw(IN_TRANSACTION);
    if ('up' in file) {
      knex.on('query', ({ sql }: { sql: string }) => begin(sql));
      await file.up(knex);
      return;
    }
    for (const one of file.statements) {
      const { text, batches } = one;
      begin(text);
      const index = INDEX.exec(text)?.[1];
      if (batches)
        await inBatches(knex, {
          batches,
          run: (keys) => part(text, () => knex.raw(text, keys as never[])),
          onBatch(rows) {
            done += 1;
            onProgress({ kind: 'batch', migration, table: batches.table, rows });
          },
        });
      else await part(text, () => (index ? createIndex(knex, index, text) : knex.raw(text)));
      done += 1;
    }
  } catch (cause) {
    // an outage of the database has its own explanation
    if (isOutage(cause)) throw cause;
    throw MigrationFailure.of({ migration, statement, inPart: !transaction && done > 0, cause });
  }
}
