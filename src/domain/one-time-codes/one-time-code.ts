import { randomInt } from 'node:crypto';
import { ungrouped } from '../../lib/typed-text.ts';

/** The purposes of codes that clients request. */
export const CODE_PURPOSES = ['register', 'change_mobile', 'reset', 'login'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];
/** The purposes of codes to a contact of an account that only people who have completed a first factor can request. */
export type ContactCodePurpose = 'second_factor' | 'remove_second_factor';

/**
 * Returns the purposes that a number can be used for. A number that an account has verified signs in to it; any other
 * can be added to an account. A number that waits to be confirmed after a recovery has neither purpose.
 */
export const purposesOf = ({
  isTaken,
  isTrusted,
}: {
  isTaken: boolean;
  isTrusted: boolean;
}): CodePurpose[] => {
  if (!isTaken) return ['register', 'change_mobile'];
  return isTrusted ? ['reset', 'login'] : [];
};

const DIGITS = 6;
const CODE = new RegExp(`^\\d{${DIGITS}}$`);
/** Letters and digits that are not mistaken for one another. */
const REFERENCE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const REFERENCE_LENGTH = 4;

/** Returns six digits, with all codes equally likely. Leading zeros are part of a code. */
export const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');

/**
 * Returns the six digits that a person typed, in any grouping and script. Returns undefined for text that cannot be a
 * code, which is not counted as a guess.
 */
export function parseCode(typed: string): string | undefined {
  const digits = ungrouped(typed);
  return CODE.test(digits) ? digits : undefined;
}

/** Returns the minutes of a lifetime in seconds, as stated in a message and on the page that accompanies it. */
export const minutesOf = (lifetime: number): number => Math.round(lifetime / 60);

/** Returns a reference, which identifies the message that a code belongs to; it is not secret. */
export const newReference = (): string =>
  Array.from(
    { length: REFERENCE_LENGTH },
    () => REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)],
  ).join('');

/** Returns a number without its last four digits. Numbers that are bought to be called in bulk share this prefix. */
export const prefixOf = (mobile: string): string => mobile.slice(0, -4);
