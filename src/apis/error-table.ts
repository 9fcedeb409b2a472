import type { ErrorCode } from '../errors/catalogue.ts';

/** Presented by the common rule of the API, from the code and its entry in the catalogue alone. */
export const COMMON: unique symbol = Symbol('common');
/** No operation of the API fails with it; `test/apis/error-tables.test.ts` compares that with what the code reaches. */
export const ELSEWHERE: unique symbol = Symbol('elsewhere');

/**
 * How an API presents every code of the catalogue. A new code does not compile until each API says what it does with
 * it.
 */
export type ErrorTable<Own> = Readonly<Record<ErrorCode, Own | typeof COMMON | typeof ELSEWHERE>>;

/** What is particular to a code in this API; undefined where the common rule holds. */
export function ownEntry<Own extends object>(table: ErrorTable<Own>, code: ErrorCode): Own | undefined {
  const entry = table[code];
  return typeof entry === 'symbol' ? undefined : (entry as Own);
}
