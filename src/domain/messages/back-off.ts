import { MINUTE_SECONDS } from '../../lib/durations.ts';

const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 15 * MINUTE_SECONDS;

/**
 * Returns the seconds until the next attempt after `attempts` failed ones: 5, doubling up to 15 minutes, and reduced by
 * up to a fifth. The jitter keeps messages that failed together from being retried together.
 */
export function backOffSeconds(attempts: number, random: () => number = Math.random): number {
  const full = Math.min(FIRST_SECONDS * 2 ** (attempts - 1), LONGEST_SECONDS);
  return full * (1 - 0.2 * random());
}
