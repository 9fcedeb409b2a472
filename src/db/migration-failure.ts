import { causesOf } from '../lib/explanation.ts';
import { inOneLine } from './sql-statements.ts';

interface Failed {
  migration: string;
  /** What was running; undefined when it failed between statements. */
  statement: string | undefined;
  /** Whether statements before it are committed. */
  inPart: boolean;
  cause: unknown;
}

/** What the server said, without the statement that Knex puts before it. */
function reasonOf(error: unknown): string {
  const innermost = causesOf(error).at(-1);
  const text = innermost?.message ?? String(error);
  return 'severity' in (innermost ?? {}) ? (text.split(' - ').at(-1) ?? text) : text;
}

/** SQLSTATE of a lock that was not granted in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a migration only has to be tried again, because others held what it needs. */
export const waitsForLock = (error: unknown): boolean =>
  causesOf(error).some((cause) => (cause as { code?: string }).code === LOCK_NOT_AVAILABLE);

/** A migration that failed, or that could not begin: `message` is a sentence for operators. */
export class MigrationFailure extends Error {
  /** Undefined when none has begun. */
  readonly migration: string | undefined;

  constructor(message: string, { cause, migration }: { cause?: unknown; migration?: string } = {}) {
    super(message, { cause });
    this.name = 'MigrationFailure';
    this.migration = migration;
  }

  static of({ migration, statement, inPart, cause }: Failed): MigrationFailure {
    const at = statement === undefined ? '' : ` at: ${inOneLine(statement)}`;
    const remedy = waitsForLock(cause)
      ? 'Other transactions hold what it needs for too long: see pg_stat_activity. Then run migrate again.'
      : 'Correct the cause and run migrate again.';
    const state = inPart
      ? 'Its earlier statements are applied; a new run goes on.'
      : 'Nothing of it is applied.';
    return new MigrationFailure(
      `The migration ${migration} failed (${reasonOf(cause)})${at}. ${state} ${remedy}`,
      { cause, migration },
    );
  }
}
