import { AppError } from '../errors/app-error.ts';
import { UNTRUSTED } from '../lib/explanation.ts';

/**
 * Classes and codes of SQLSTATE that mean "not now", never "no": see appendix A of PostgreSQL's manual. The last
 * four are a role without its privileges, a schema that is gone, and a pooler that mixes prepared statements up.
 */
const UNAVAILABLE_STATES = /^(08|28|3D|53|57P|58)|^(57014|55P03|25P0[34]|25006|42501|3F000|26000|42P05)$/;
const UNAVAILABLE_ERRNO = /^E(CONN|PIPE|NOSERVER|NOENT|NOTFOUND|HOST|NET|TIMEDOUT|AI_)/;
const UNAVAILABLE_WORDS =
  /connection (terminated|error|ended)|timeout (exceeded|expired)|timeout acquiring|query read timeout|not queryable|does not support ssl|client password must be|^SASL/i;

/** A demoted primary, a standby, or an administrator who set `default_transaction_read_only`. */
const READ_ONLY = '25006';

/** Text that PostgreSQL cannot hold (NUL, half a surrogate pair); the edges refuse it before, this is the net below. */
const UNSTORABLE_STATES = new Set(['22021', '22P02', '22P05']);

interface DriverError {
  code?: string;
  message?: string;
}

/** True when the session takes no writes, and will take none later either: its connection is of no more use. */
export const isReadOnly = (error: unknown): boolean => (error as DriverError)?.code === READ_ONLY;

const RETRY_STATES = new Set(['40001', '40P01']);

/** True for a serialization failure or a deadlock: the whole transaction may be tried again. */
export const mayRetry = (error: unknown): boolean => RETRY_STATES.has((error as DriverError)?.code ?? '');

/** What is left to say when trying again has not helped: `UNAVAILABLE`; any other error is returned unchanged. */
export const givenUp = (error: unknown): unknown =>
  mayRetry(error) ? new AppError('UNAVAILABLE', { retryAfter: 1, cause: error }) : error;

/**
 * The one place where a failing database becomes 503. Driver errors that mean an outage, a full pool or a
 * timeout come back as `UNAVAILABLE`, text that cannot be stored as `INVALID_CHARACTER`, each with the original as
 * cause; everything else is returned unchanged.
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
