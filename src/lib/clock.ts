/**
 * The process's clock. Rows get their times from the database (`pratu_now()`); this one is for what never
 * reaches a row: cookie lifetimes, back-off, caches. Tests move both together.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date(Date.now()) };

/** Whole seconds since 1970, as in JWT `exp` and `iat` (RFC 7519 §2, NumericDate). */
export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Seconds by which the clock of a signer may be ahead of ours (FAPI 2.0 Security Profile §5.3.2.1). */
export const CLOCK_SKEW = 10;
