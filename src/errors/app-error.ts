import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import type { LimitName, Reason } from './reasons.ts';

export interface AppErrorDetails {
  /** Seconds until a retry is useful, rounded up; sent as `Retry-After`. */
  retryAfter?: number;
  /** For a wrong code: the number of attempts left; absent when a new code is required. */
  triesLeft?: number;
  /** The invalid parameter. */
  field?: string;
  /** The reason for the refusal: for the audit trail and the log, never shown. */
  reason?: Reason;
  /** The limit that was exceeded and the seconds that it lasts: for the audit trail, never shown. */
  lock?: { limit: LimitName; seconds: number };
  /** The underlying error; logged, never shown. */
  cause?: unknown;
}

/** An expected failure: a code from the catalogue, with the details that a surface needs to present it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly triesLeft: number;
  readonly field: string | undefined;
  readonly reason: Reason | undefined;
  readonly lock: { limit: LimitName; seconds: number } | undefined;

  constructor(
    code: ErrorCode,
    { retryAfter, triesLeft = 0, field, reason, lock, cause }: AppErrorDetails = {},
  ) {
    super(CATALOGUE[code].en, { cause });
    this.name = 'AppError';
    this.code = code;
    this.retryAfter = retryAfter === undefined ? undefined : Math.ceil(retryAfter);
    this.triesLeft = triesLeft;
    this.field = field;
    this.reason = reason;
    this.lock = lock;
  }

  get status(): number {
    return CATALOGUE[this.code].status;
  }
}
