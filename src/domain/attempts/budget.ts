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
  /** Where it is counted, when not where the others are. */
  counters?: Counters;
  /** The longest wait, in seconds, that a caller is told. */
  longestWait?: number;
  /** Told when the limit refuses, for an alert. */
  onRefused?: () => void;
}

/**
 * Takes one from every limit, or from none: what was taken is given back when a later one refuses. Throws the refusal
 * with the seconds until that limit's window ends. Resolves to what gives all of them back.
 */
export async function takeAll(counters: Counters, limits: readonly Limit[]): Promise<() => Promise<void>> {
  const giveBack = async (taken: readonly Limit[]): Promise<void> => {
    await Promise.all(taken.map((each) => (each.counters ?? counters).giveBack(each.name)));
  };
  for (const [index, each] of limits.entries()) {
    const { taken, retryAfter } = await (each.counters ?? counters).take(
      each.name,
      each.limit,
      each.windowSeconds,
    );
    if (taken) continue;
    await giveBack(limits.slice(0, index));
    each.onRefused?.();
    throw new AppError(each.refusal ?? 'TOO_MANY_ATTEMPTS', {
      retryAfter: Math.min(retryAfter, each.longestWait ?? retryAfter),
    });
  }
  return () => giveBack(limits);
}

const TOLD_PER_ADDRESS = 20;
const HOUR_SECONDS = 3600;

/**
 * Takes one of the times that an address is told that somebody else has an identity. Throws `TOO_MANY_ATTEMPTS`, which
 * tells nothing.
 */
export async function takeTelling(counters: Counters, address: string): Promise<void> {
  await takeAll(counters, [
    { name: `taken told ${addressKey(address)}`, limit: TOLD_PER_ADDRESS, windowSeconds: HOUR_SECONDS },
  ]);
}
