import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import type { LimitName, Reason } from './reasons.ts';

export interface AppErrorDetails {
  /** Seconds until a new try makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  /** Of a wrong code: how often it may still be typed; none when a new one is needed. */
  triesLeft?: number;
  /** The parameter that is wrong. */
  field?: string;
  /** Why it is refused: for the audit trail and the log, never shown. */
  reason?: Reason;
  /** The limit that refuses, and for how long: for the audit trail, never shown. */
  lock?: { limit: LimitName; seconds: number };
  /** What caused it; logged, never shown. */
  cause?: unknown;
}

/** An intended failure: a code from the catalogue, with what a surface needs to present it. */
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
    this.retryAfter = retryAfter;
    this.triesLeft = triesLeft;
    this.field = field;
    this.reason = reason;
    this.lock = lock;
  }

  get status(): number {
    return CATALOGUE[this.code].status;
  }
}
