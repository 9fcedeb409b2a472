import type { Target } from '../target.ts';

/** A request that uses an announced value; throws when the server does not do what it announces. */
export type Use = (target: Target) => Promise<void>;

/**
 * The uses of discovery members, by name: one for each value that may be announced (`true` and `false` for flags), or a
 * single one for a member whose value is an address or any other text.
 */
export type Uses = Readonly<Record<string, Use | Readonly<Record<string, Use>>>>;

/** The same use for several values. */
export const each = <Value extends string>(
  values: readonly Value[],
  use: (target: Target, value: Value) => Promise<void>,
): Record<Value, Use> =>
  Object.fromEntries(values.map((value) => [value, (target: Target) => use(target, value)])) as Record<
    Value,
    Use
  >;
