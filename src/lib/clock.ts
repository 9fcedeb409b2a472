/**
 * The process's clock, for times that are not stored in rows: cookie lifetimes, back-off, caches. Rows get their times
 * from the database (`pratu_now()`). Tests move both together.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date(Date.now()) };

/** Whole seconds since 1970-01-01 UTC, as in JWT `exp` and `iat` (RFC 7519 §2, NumericDate). */
export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Seconds by which a signer's clock can be ahead of this server's (FAPI 2.0 Security Profile §5.3.2.1). */
export const CLOCK_SKEW = 10;
