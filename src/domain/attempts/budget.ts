import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { addressKey } from '../../lib/addresses.ts';
import type { Counters } from './counters.ts';

/** One limit among several that an action must pass. */
export interface Limit {
  name: string;
  limit: number;
  windowSeconds: number;
  /** What a caller is told past it: `TOO_MANY_ATTEMPTS` unless the limit is not the caller's. */
  refusal?: Extract<ErrorCode, 'TOO_MANY_ATTEMPTS' | 'UNAVAILABLE'>;
  /** Told when the limit refuses, for an alert. */
  onRefused?: () => void;
}

/**
 * Takes one from every limit, or from none: what was taken is given back when a later one refuses. Throws the refusal
 * with the seconds until that limit's window ends.
 */
export async function takeAll(counters: Counters, limits: readonly Limit[]): Promise<void> {
  for (const [
    index,
    { name, limit, windowSeconds, refusal = 'TOO_MANY_ATTEMPTS', onRefused },
  ] of limits.entries()) {
    const { taken, retryAfter } = await counters.take(name, limit, windowSeconds);
    if (taken) continue;
    await Promise.all(limits.slice(0, index).map((earlier) => counters.giveBack(earlier.name)));
    onRefused?.();
    throw new AppError(refusal, { retryAfter });
  }
}

const TOLD_PER_ADDRESS = 20;
const HOUR_SECONDS = 3600;

/**
 * Takes one of the times that an address is told that somebody else has an identity. Throws `TOO_MANY_ATTEMPTS`, which
 * tells nothing.
 */
export const takeTelling = (counters: Counters, address: string): Promise<void> =>
  takeAll(counters, [
    { name: `taken told ${addressKey(address)}`, limit: TOLD_PER_ADDRESS, windowSeconds: HOUR_SECONDS },
  ]);
