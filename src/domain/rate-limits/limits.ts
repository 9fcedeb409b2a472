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
  /** The error beyond the limit: `TOO_MANY_ATTEMPTS` unless the limit is not the caller's. */
  refusal?: Extract<ErrorCode, 'TOO_MANY_ATTEMPTS' | 'UNAVAILABLE'>;
  /** The counters of this limit, if they differ from those of the other limits. */
  counters?: Counters;
  /** The longest wait, in seconds, that is reported to the caller. */
  longestWait?: number;
  /** The name in the audit trail and in the log; not reported to the caller. */
  label: LimitName;
  /** Called when the limit refuses, for an alert. */
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

/** Refunds the group that is counted in the database first, because only its refund may fail. */
async function refundAllWith(parts: readonly Change[], groups: readonly Group[]): Promise<void> {
  const carrier = groups.find(({ counters }) => counters.refundWith);
  if (!carrier?.counters.refundWith) throw new Error('none of these limits is counted in the database');
  await carrier.counters.refundWith(parts, ...namesOf(carrier));
  await refundAll(groups.filter((group) => group !== carrier)).catch(() => {});
}

/**
 * Refunds everything that was counted. With `parts`, these change other rows in one statement with the refund in the
 * database (`Counters.refundWith`): on failure nothing is refunded or changed.
 */
export type Refund = (parts?: readonly Change[]) => Promise<void>;

/**
 * Counts one event against every limit, or against none: counts are refunded when a later limit refuses. Throws the
 * refusal with the seconds until that limit's window ends. Resolves to a function that refunds all of them.
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
 * Returns the identities that `look` finds on other accounts, for a caller that receives this information. An address
 * receives it twenty times an hour. An event is counted before the look, and refunded when nothing was found. Beyond
 * the limit, the response is the same for taken and for free identities. Throws `TOO_MANY_ATTEMPTS`.
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
