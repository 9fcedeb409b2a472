import type { Change } from '../../db/one-statement.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { LimitName } from '../../errors/reasons.ts';
import type { Violation } from '../../errors/violations.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import type { Counters, Wanted } from './counters.ts';

/** One limit among several that an action must pass. */
export interface Limit extends Wanted {
  /** What a caller gets past it: `TOO_MANY_ATTEMPTS` unless the limit is not the caller's. */
  refusal?: Extract<ErrorCode, 'TOO_MANY_ATTEMPTS' | 'UNAVAILABLE'>;
  /** Where it is counted, when not where the others are. */
  counters?: Counters;
  /** The longest wait, in seconds, that a caller learns. */
  longestWait?: number;
  /** What the audit trail and the log call it; the caller is not told. */
  label: LimitName;
  /** Told when the limit refuses, for an alert. */
  onRefused?: () => void;
}

/** Limits that are counted in one place, in one round trip. */
interface Group {
  counters: Counters;
  limits: Limit[];
}

function grouped(counters: Counters, limits: readonly Limit[]): Group[] {
  const groups: Group[] = [];
  for (const limit of limits) {
    const own = limit.counters ?? counters;
    const last = groups.at(-1);
    if (last?.counters === own) last.limits.push(limit);
    else groups.push({ counters: own, limits: [limit] });
  }
  return groups;
}

const namesOf = ({ limits }: Group): string[] => limits.map(({ name }) => name);

const refundAll = async (groups: readonly Group[]): Promise<void> => {
  await Promise.all(groups.map((group) => group.counters.refund(...namesOf(group))));
};

/** The group that is counted in the database first, because only it may fail. */
async function refundAllWith(parts: readonly Change[], groups: readonly Group[]): Promise<void> {
  const carrier = groups.find(({ counters }) => counters.refundWith);
  if (!carrier?.counters.refundWith) throw new Error('none of these limits is counted in the database');
  await carrier.counters.refundWith(parts, ...namesOf(carrier));
  await refundAll(groups.filter((group) => group !== carrier)).catch(() => {});
}

/**
 * Gives all back that was taken. With `parts`, these change other rows in one statement with what is given back in the
 * database (`Counters.refundWith`): on failure nothing is given back or changed.
 */
export type Refund = (parts?: readonly Change[]) => Promise<void>;

/**
 * Takes one from every limit, or from none: what was taken is given back when a later one refuses. Throws the refusal
 * with the seconds until that limit's window ends. Resolves to what gives all of them back.
 */
export async function consumeAll(counters: Counters, limits: readonly Limit[]): Promise<Refund> {
  const groups = grouped(counters, limits);
  for (const [index, group] of groups.entries()) {
    const refused = await group.counters.consumeAll(group.limits);
    if (!refused) continue;
    await refundAll(groups.slice(0, index));
    const {
      refusal = 'TOO_MANY_ATTEMPTS',
      longestWait,
      onRefused,
      label,
    } = group.limits[refused.index] as Limit;
    onRefused?.();
    throw new AppError(refusal, {
      retryAfter: Math.min(refused.retryAfter, longestWait ?? refused.retryAfter),
      lock: { limit: label, seconds: refused.retryAfter },
    });
  }
  return (parts) => (parts ? refundAllWith(parts, groups) : refundAll(groups));
}

const TOLD_PER_ADDRESS = 20;

/**
 * What `look` finds of identities that others have, for a caller that is told. An address is told twenty times an
 * hour; a time is taken before the look, and given back when nothing was found: past the limit, the answer is the
 * same for what is taken and what is free. Throws `TOO_MANY_ATTEMPTS`.
 */
export async function takenForTelling(
  counters: Counters,
  address: string,
  look: () => Promise<Violation[]>,
): Promise<Violation[]> {
  const refund = await consumeAll(counters, [
    {
      name: `taken told ${addressKey(address)}`,
      limit: TOLD_PER_ADDRESS,
      windowSeconds: HOUR_SECONDS,
      label: 'identities',
    },
  ]);
  let found: Violation[] = [];
  try {
    found = await look();
  } finally {
    if (found.length === 0) await refund();
  }
  return found;
}
