import { DAY_SECONDS } from '../../lib/durations.ts';

const SHORT_CODE = /^[A-Z][A-Z0-9_]{0,39}$/;
const LONGEST_WAIT_SECONDS = DAY_SECONDS;

/** A try to send that did not succeed. */
export class SendFailure extends Error {
  /** `A-Z`, `0-9` and `_`; all that is stored of the failure, since a gateway's text may repeat the message. */
  readonly code: string;
  /** Seconds that the gateway asked to wait. */
  readonly retryAfter: number;

  constructor(code: string, { retryAfter = 0, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(`not sent: ${code}`, { cause });
    this.name = 'SendFailure';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * Any error as a failure, with a code and nothing else of it: the `code` of Node's errors, the `reason` of
 * `src/lib/outbound.ts`, the name of an abort, else `UNKNOWN`.
 */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error;
  const { code, reason, name } = (error ?? {}) as Record<string, unknown>;
  const aborted = name === 'AbortError' || name === 'TimeoutError' ? 'TIMEOUT' : undefined;
  const short = String(aborted ?? code ?? reason ?? '').toUpperCase();
  return new SendFailure(SHORT_CODE.test(short) ? short : 'UNKNOWN', { cause: error });
}

/** The seconds of a `Retry-After` header (RFC 9110 §10.2.3: seconds or a date), a day at most; 0 without one. */
export function retryAfterSeconds(header: string | null, now: Date): number {
  const value = header?.trim() ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_WAIT_SECONDS);
}
