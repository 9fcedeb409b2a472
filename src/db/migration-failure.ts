import { causesOf } from '../lib/explanation.ts';
import { inOneLine } from './sql-statements.ts';

interface Failed {
  migration: string;
  /** The statement that was running; undefined for a failure between statements. */
  statement: string | undefined;
  /** Whether earlier statements are committed. */
  inPart: boolean;
  cause: unknown;
}

/** Returns the message of the server, without the statement that Knex puts before it. */
function reasonOf(error: unknown): string {
  const innermost = causesOf(error).at(-1);
  const text = innermost?.message ?? String(error);
  return 'severity' in (innermost ?? {}) ? (text.split(' - ').at(-1) ?? text) : text;
}

/** SQLSTATE of a lock that was not granted in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** SQLSTATE of a statement that took longer than `statement_timeout`, or that was cancelled. */
const QUERY_CANCELED = '57014';

const MEND_CANCELED =
  'Behind a pooler, the limits of the role hold: run migrate with a DATABASE_URL that names the server, and DATABASE_POOLER=none.';

function remedyOf(cause: unknown): string {
  if (waitsForLock(cause))
    return 'Other transactions hold what it needs for too long: see pg_stat_activity. Then run migrate again.';
  const isCanceled = causesOf(cause).some((one) => (one as { code?: string }).code === QUERY_CANCELED);
  return isCanceled ? MEND_CANCELED : 'Correct the cause and run migrate again.';
}

/** Whether a migration only has to be retried, because other transactions held what it needs. */
export const waitsForLock = (error: unknown): boolean =>
  causesOf(error).some((cause) => (cause as { code?: string }).code === LOCK_NOT_AVAILABLE);

/** A migration that failed, or that could not begin: `message` is a sentence for operators. */
export class MigrationFailure extends Error {
  /** Undefined when none has begun. */
  readonly migration: string | undefined;
  /** The statement that was running; undefined for a failure between statements. */
  readonly statement: string | undefined;

  constructor(message: string, { cause, migration, statement }: Partial<Omit<Failed, 'inPart'>> = {}) {
    super(message, { cause });
    this.name = 'MigrationFailure';
    this.migration = migration;
    this.statement = statement;
  }

  static of({ migration, statement, inPart, cause }: Failed): MigrationFailure {
    const at = statement === undefined ? '' : ` at: ${inOneLine(statement)}`;
    const state = inPart
      ? 'Its earlier statements are applied; a new run goes on.'
      : 'Nothing of it is applied.';
    return new MigrationFailure(
      `The migration ${migration} failed (${reasonOf(cause)})${at}. ${state} ${remedyOf(cause)}`,
      { cause, migration, statement },
    );
  }
}
