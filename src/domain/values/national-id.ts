import { ungroupedNumber } from '../../lib/typed-text.ts';

const DIGITS = /^\d{13}$/;

/** The check digit of the Thai population register: weights 13 to 2, modulo 11, then the last digit of the result. */
const checkDigit = (digits: string): number => {
  const sum = [...digits.slice(0, 12)].reduce(
    (total, digit, index) => total + Number(digit) * (13 - index),
    0,
  );
  return (11 - (sum % 11)) % 10;
};

/**
 * Parses the 13 digits of a Thai national id, in any grouping (`1-2345-67890-12-1`) and in Thai or full-width digits;
 * returns undefined for other text. The check digit also excludes thirteen equal digits: it is wrong for all ten such
 * numbers.
 */
export function parseNationalId(input: string): string | undefined {
  const digits = ungroupedNumber(input);
  if (!DIGITS.test(digits)) return undefined;
  return Number(digits.at(-1)) === checkDigit(digits) ? digits : undefined;
}
