import { randomInt } from 'node:crypto';
import { ungrouped } from '../../lib/typed-text.ts';

/** Letters and digits that are not mistaken for one another. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const CHARACTERS = 10;
const RECOVERY_CODES = 10;

/** Returns ten codes of ten characters, each written in two halves: 49 bits. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const text = Array.from({ length: CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    return `${text.slice(0, CHARACTERS / 2)}-${text.slice(CHARACTERS / 2)}`;
  });

/** Normalises a recovery code for comparison; returns undefined for text that cannot be one. */
export function parseRecoveryCode(typed: string): string | undefined {
  const text = ungrouped(typed).toLowerCase();
  return text.length === CHARACTERS && [...text].every((one) => ALPHABET.includes(one)) ? text : undefined;
}
