import { ungroupedNumber } from '../../lib/typed-text.ts';

const DIGITS = /^\d{13}$/;

/** The Thai population register's check digit: weights 13 to 2, modulo 11, of that the last digit. */
const checkDigit = (digits: string): number => {
  const sum = [...digits.slice(0, 12)].reduce(
    (total, digit, index) => total + Number(digit) * (13 - index),
    0,
  );
  return (11 - (sum % 11)) % 10;
};

/**
 * The 13 digits of a Thai national id, or undefined, in any grouping (`1-2345-67890-12-1`) and in Thai or full-width
 * digits. The check digit also keeps out thirteen equal digits: none of the ten such numbers has the right one.
 */
export function parseNationalId(input: string): string | undefined {
  const digits = ungroupedNumber(input);
  if (!DIGITS.test(digits)) return undefined;
  return Number(digits.at(-1)) === checkDigit(digits) ? digits : undefined;
}
