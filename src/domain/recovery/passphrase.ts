import { randomInt } from 'node:crypto';

/** Letters and digits that cannot be mistaken for another one: no `0 O o`, `1 I i l L`, `2 Z z`, `5 S s`, `8 B`. */
const ALPHABET = 'acdefghjkmnpqrtuvwxyACDEFGHJKMNPQRTUVWXY34679';
const LENGTH = 16;

/** Returns 16 characters with 87 random bits, including at least one letter and one digit. */
export function newPassphrase(): string {
  for (;;) {
    const generated = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (/[a-z]/i.test(generated) && /\d/.test(generated)) return generated;
  }
}
