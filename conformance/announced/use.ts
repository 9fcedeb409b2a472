import type { Target } from '../target.ts';

/** Uses an announced value. Throws when the server does not behave as announced. */
export type Use = (target: Target) => Promise<void>;

/**
 * The uses of discovery members by name: one for each value that may be announced (`true` and `false` for flags). A
 * member with a URL or other text has a single use.
 */
export type Uses = Readonly<Record<string, Use | Readonly<Record<string, Use>>>>;

/** Returns the same use for several values. */
export const each = <Value extends string>(
  values: readonly Value[],
  use: (target: Target, value: Value) => Promise<void>,
): Record<Value, Use> =>
  Object.fromEntries(values.map((value) => [value, (target: Target) => use(target, value)])) as Record<
    Value,
    Use
  >;
