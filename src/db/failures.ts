import { AppError } from '../errors/app-error.ts';
import { UNTRUSTED } from '../lib/explanation.ts';

/**
 * SQLSTATE classes and codes that report a temporary outage, never a rejection (PostgreSQL manual, appendix A). The
 * last four are for a role without its privileges, a missing schema, and a pooler that confuses prepared statements.
 */
const UNAVAILABLE_STATES = /^(08|28|3D|53|57P|58)|^(57014|55P03|25P0[34]|25006|42501|3F000|26000|42P05)$/;
const UNAVAILABLE_ERRNO = /^E(CONN|PIPE|NOSERVER|NOENT|NOTFOUND|HOST|NET|TIMEDOUT|AI_)/;
const UNAVAILABLE_WORDS =
  /connection (terminated|error|ended)|timeout (exceeded|expired)|timeout acquiring|query read timeout|not queryable|does not support ssl|client password must be|^SASL/i;

/** The SQLSTATE of a demoted primary, a standby, or a session with `default_transaction_read_only`. */
const READ_ONLY = '25006';

/**
 * Text that PostgreSQL cannot store (NUL, an unpaired surrogate). Input is checked earlier; this is the last line of
 * defence.
 */
const UNSTORABLE_STATES = new Set(['22021', '22P02', '22P05']);

interface DriverError {
  code?: string;
  message?: string;
}

/** Whether the session is read-only. It stays so, and its connection is of no further use. */
export const isReadOnly = (error: unknown): boolean => (error as DriverError)?.code === READ_ONLY;

const RETRY_STATES = new Set(['40001', '40P01']);

/** Whether the error is a serialization failure or a deadlock: the whole transaction may be retried. */
export const mayRetry = (error: unknown): boolean => RETRY_STATES.has((error as DriverError)?.code ?? '');

/** Returns `UNAVAILABLE` for an error that retries did not resolve. Returns any other error unchanged. */
export const givenUp = (error: unknown): unknown =>
  mayRetry(error) ? new AppError('UNAVAILABLE', { retryAfter: 1, cause: error }) : error;

/**
 * The only place where a database failure becomes a 503. Returns `UNAVAILABLE` for driver errors that mean an outage, a
 * full pool or a timeout, and `INVALID_CHARACTER` for text that cannot be stored. The original error is the cause.
 * Returns any other error unchanged.
 */
export function translateFailure(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code = '', message = '' } = (error ?? {}) as DriverError;
  if (UNSTORABLE_STATES.has(code)) return new AppError('INVALID_CHARACTER', { cause: error });
  const down =
    UNAVAILABLE_STATES.test(code) ||
    UNAVAILABLE_ERRNO.test(code) ||
    UNTRUSTED.test(code) ||
    UNAVAILABLE_WORDS.test(message);
  return down ? new AppError('UNAVAILABLE', { retryAfter: 1, cause: error }) : error;
}
