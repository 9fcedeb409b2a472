import { violated } from '../../db/constraint.ts';
import type { Db } from '../../db/database.ts';
import { translateFailure } from '../../db/failures.ts';
import { transaction } from '../../db/transaction.ts';
import { takeTurn } from '../../db/turn.ts';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import type { Clock } from '../../lib/clock.ts';
import { linesOf } from '../../lib/lines.ts';
import type { PasswordHasher } from '../../lib/passwords/password-hasher.ts';
import { sha256 } from '../../lib/sha256.ts';
import { nationalIdDigests } from '../accounts/national-ids.ts';
import type { Titles } from '../accounts/titles.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { type ImportRow, type RowError, uniqueValues } from './import-row.ts';
import type { KeyedRow } from './plan.ts';
import { type RowSettings, readRow } from './read-row.ts';
import { type BatchDeps, fitsInto, type RowOutcome, writeBatch } from './write-batch.ts';

/** The outcome of one line, as all interfaces report it. */
export interface RowReport {
  /** Starts at 1. Empty lines are counted, but not reported. */
  line: number;
  status: RowOutcome['status'];
  /** The ID of the account; null if the row failed, or would create an account in a dry run. */
  id: string | null;
  errors: { pointer: string; code: ErrorCode; detail: string }[];
}

export interface ImportSummary {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  dry_run: boolean;
}

export interface ImportOptions {
  /** Determines the outcome without changing anything. */
  dryRun: boolean;
}

export interface Import {
  /**
   * Imports accounts, one JSON object per line of `input`, and reports each line once it is committed. Memory use does
   * not grow with the input. An interrupted import can be repeated: rows that were committed are then `unchanged`.
   * Throws `UNAVAILABLE` if the database is unavailable; lines already reported are committed.
   */
  run(input: AsyncIterable<Uint8Array>, options: ImportOptions): AsyncGenerator<RowReport, ImportSummary>;
  /**
   * Creates one account from the members of a row, and returns its ID. Throws one error with all violations, and
   * `EXTERNAL_ID_TAKEN` or `CONTACT_TAKEN` if an import has already created an account from this row.
   */
  create(row: unknown): Promise<number>;
}

interface Deps extends BatchDeps {
  db: Db;
  clock: Clock;
  digest: LastingDigest;
  hasher: Pick<PasswordHasher, 'adopt'>;
  titles: Titles;
  settings: Pick<RowSettings, 'countries' | 'timeZone' | 'locales'>;
}

const MAX_LINE_BYTES = 65_536;
const BATCH_ROWS = 200;
const ATTEMPTS = 6;

/** Rolls back the transaction of a dry run and carries its outcomes. */
class Undone extends Error {
  readonly outcomes: RowOutcome[];
  constructor(outcomes: RowOutcome[]) {
    super('a dry run changes nothing');
    this.outcomes = outcomes;
  }
}

/** A line of the current batch: a row, or its errors. */
type Entry = { line: number } & ({ keyed: KeyedRow } | { errors: RowError[] });

const reportOf = (
  line: number,
  { status, id, errors }: RowOutcome,
  { dryRun }: ImportOptions,
): RowReport => ({
  line,
  status,
  id: id === null || (dryRun && status === 'created') ? null : String(id),
  errors: errors.map(({ pointer, code }) => ({ pointer, code, detail: CATALOGUE[code].en })),
});

/**
 * The refusal of a single row: another transaction took a unique value first, the database rejects its text, or a use
 * case refuses the change.
 */
function refusalOf(error: unknown): RowOutcome | undefined {
  const refused = violated(error) ?? translateFailure(error);
  if (!(refused instanceof AppError) || refused.status >= 500) return undefined;
  return { status: 'failed', id: null, errors: [{ pointer: '', code: refused.code }] };
}

/** Converts pointers (RFC 6901) to fields of a request: `/bindings/0/provider` becomes `bindings.0.provider`. */
function violationsOf(errors: readonly RowError[]): Error {
  const [first, ...rest] = errors.map(({ pointer, code }) => ({
    field: pointer.slice(1).replaceAll('/', '.'),
    code,
  }));
  return first ? new Violations([first, ...rest]) : new AppError('BAD_REQUEST');
}

/** SQLSTATE codes for a lock or a write of another transaction: a retry sees what that transaction wrote. */
const RETRIED_STATES = new Set(['55P03', '40P01', '40001', '23505', '23503']);
const isWorthAnother = (error: unknown): boolean =>
  RETRIED_STATES.has((error as { code?: string } | undefined)?.code ?? '');

/** Returns the error of the driver that a refusal carries, or the error itself. */
const causeOf = (error: unknown): unknown => (error instanceof AppError && error.cause) || error;

export function accountImport(deps: Deps): Import {
  const { db, clock, keyring, digest } = deps;

  function keyed(row: ImportRow): KeyedRow {
    const contact = row.mobile ? `mobile ${row.mobile}` : `email ${row.email?.key}`;
    return {
      row,
      importDigest: row.externalId === undefined ? digest('accounts.import_digest', contact) : undefined,
      nationalIdDigests: row.nationalId ? nationalIdDigests(keyring, row.nationalId) : [],
      passwordDigest: row.passwordHash ? sha256(row.passwordHash) : undefined,
    };
  }

  async function once(rows: readonly KeyedRow[], { dryRun }: ImportOptions): Promise<RowOutcome[]> {
    try {
      return await transaction(db, async (tx) => {
        // imports take turns batch by batch, so that they never wait for each other's rows
        await takeTurn(tx, 'account import');
        const outcomes = await writeBatch(tx, rows, deps);
        if (dryRun) throw new Undone(outcomes);
        return outcomes;
      });
    } catch (error) {
      if (error instanceof Undone) return error.outcomes;
      throw error;
    }
  }

  /**
   * Retries after conflicts with other transactions, then halves the batch, so that an invalid row finally fails alone.
   */
  async function write(rows: readonly KeyedRow[], options: ImportOptions): Promise<RowOutcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(rows, options);
      } catch (error) {
        const cause = causeOf(error);
        if (isWorthAnother(cause) && attempt < ATTEMPTS) {
          await new Promise((resume) => setTimeout(resume, 20 * 2 ** attempt * Math.random()));
          continue;
        }
        const refused = refusalOf(cause);
        if (!refused) throw error;
        if (rows.length === 1) return [refused];
        const middle = Math.ceil(rows.length / 2);
        return [
          ...(await write(rows.slice(0, middle), options)),
          ...(await write(rows.slice(middle), options)),
        ];
      }
    }
  }

  async function settle(entries: readonly Entry[], options: ImportOptions): Promise<RowReport[]> {
    const rows = entries.flatMap((entry) => ('keyed' in entry ? [entry.keyed] : []));
    const outcomes = rows.length > 0 ? await write(rows, options) : [];
    return entries.map((entry) => {
      const failed: RowOutcome = {
        status: 'failed',
        id: null,
        errors: 'errors' in entry ? entry.errors : [],
      };
      return reportOf(entry.line, ('keyed' in entry && outcomes.shift()) || failed, options);
    });
  }

  async function* batches(input: AsyncIterable<Uint8Array>, settings: RowSettings): AsyncGenerator<Entry[]> {
    let entries: Entry[] = [];
    let values = new Set<string>();
    let line = 0;
    for await (const bytes of linesOf(input, MAX_LINE_BYTES)) {
      line += 1;
      if (bytes?.toString().trim() === '') continue;
      const read = readRow(bytes, settings);
      if (entries.length === BATCH_ROWS || ('row' in read && !fitsInto(values, read))) {
        yield entries;
        entries = [];
        values = new Set();
      }
      entries.push('row' in read ? { line, keyed: keyed(read.row) } : { line, errors: read.errors });
      if ('row' in read) for (const value of uniqueValues(read.row)) values.add(value);
    }
    if (entries.length > 0) yield entries;
  }

  const rowSettings = async (): Promise<RowSettings> => ({
    ...deps.settings,
    now: clock.now(),
    titles: await deps.titles.list(),
    adopt: deps.hasher.adopt,
  });

  return {
    async create(given) {
      const read = readRow(Buffer.from(JSON.stringify(given)), await rowSettings());
      if ('errors' in read) throw violationsOf(read.errors);
      const { row } = read;
      return transaction(db, async (tx) => {
        await takeTurn(tx, 'account import');
        const [outcome] = await writeBatch(tx, [keyed(row)], deps);
        if (outcome?.status === 'created' && outcome.id !== null) return outcome.id;
        // an error of the whole row is about changes to an account that has the row's identifier, which is taken
        const errors = outcome?.errors.filter(({ pointer }) => pointer !== '') ?? [];
        if (errors.length > 0) throw violationsOf(errors);
        throw row.externalId === undefined
          ? new AppError('CONTACT_TAKEN', { field: row.mobile === undefined ? 'email' : 'mobile' })
          : new AppError('EXTERNAL_ID_TAKEN', { field: 'external_id' });
      }).catch((error: unknown) => {
        throw violated(error) ?? error;
      });
    },
    async *run(input, options) {
      const settings = await rowSettings();
      const summary = { rows: 0, created: 0, updated: 0, unchanged: 0, failed: 0, dry_run: options.dryRun };
      for await (const entries of batches(input, settings)) {
        for (const report of await settle(entries, options)) {
          summary.rows += 1;
          summary[report.status] += 1;
          yield report;
        }
      }
      return summary;
    },
  };
}
