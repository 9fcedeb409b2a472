import { DAY_SECONDS } from '../../lib/durations.ts';

const SHORT_CODE = /^[A-Z][A-Z0-9_]{0,39}$/;
const LONGEST_WAIT_SECONDS = DAY_SECONDS;

/** A failed attempt to send. */
export class SendFailure extends Error {
  /**
   * `A-Z`, `0-9` and `_`. Nothing else of the failure is stored, because the text of a gateway can repeat the message.
   */
  readonly code: string;
  /** The seconds to wait that the gateway requested. */
  readonly retryAfter: number;

  constructor(code: string, { retryAfter = 0, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(`not sent: ${code}`, { cause });
    this.name = 'SendFailure';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * Converts any error to a failure with a code and nothing else of it: `TIMEOUT` for an abort, the `code` of Node's
 * errors, the `reason` of `src/lib/outbound.ts`, otherwise `UNKNOWN`.
 */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error;
  const { code, reason, name } = (error ?? {}) as Record<string, unknown>;
  const aborted = name === 'AbortError' || name === 'TimeoutError' ? 'TIMEOUT' : undefined;
  const short = String(aborted ?? code ?? reason ?? '').toUpperCase();
  return new SendFailure(SHORT_CODE.test(short) ? short : 'UNKNOWN', { cause: error });
}

/**
 * Returns the seconds of a `Retry-After` header (RFC 9110 §10.2.3: seconds or a date), at most a day; 0 without one.
 */
export function retryAfterSeconds(header: string | null, now: Date): number {
  const value = header?.trim() ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_WAIT_SECONDS);
}
