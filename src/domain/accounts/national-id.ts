const MAX_LENGTH = 32;
/** `1-2345-67890-12-1` or without separators; ASCII digits only. */
const SPELLING = /^\d(?:[ -]?\d){12}$/;

/** The Thai population register's check digit: weights 13 to 2, modulo 11, of that the last digit. */
const checkDigit = (digits: string): number => {
  const sum = [...digits.slice(0, 12)].reduce(
    (total, digit, index) => total + Number(digit) * (13 - index),
    0,
  );
  return (11 - (sum % 11)) % 10;
};

/**
 * The 13 digits of a Thai national id, or undefined. Spaces and dashes are dropped. The check digit also
 * keeps out thirteen equal digits: none of the ten such numbers has the right one.
 */
export function parseNationalId(input: string): string | undefined {
  if (input.length > MAX_LENGTH) return undefined;
  const spelling = input.trim();
  if (!SPELLING.test(spelling)) return undefined;
  const digits = spelling.replaceAll(/[ -]/g, '');
  return Number(digits.at(-1)) === checkDigit(digits) ? digits : undefined;
}
