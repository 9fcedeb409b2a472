import { randomInt } from 'node:crypto';
import { ungrouped } from '../../lib/typed-text.ts';

/** What a code is for that clients have sent. */
export const CODE_PURPOSES = ['register', 'change_mobile', 'reset', 'login'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];
/** What only people who have completed a first factor have a code sent for, to a contact of their account. */
export type ContactCodePurpose = 'second_factor' | 'remove_second_factor';

/**
 * What a number can be used for: one that an account has verified signs in to it, any other can be added to one. One
 * that waits to be confirmed after a recovery does neither.
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

/** Six digits, all codes equally likely; leading zeros are part of one. */
export const newCode = (): string => String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');

/** The six digits that a person typed, in any grouping and script, or undefined: such a text is no guess at a code. */
export function parseCode(typed: string): string | undefined {
  const digits = ungrouped(typed);
  return CODE.test(digits) ? digits : undefined;
}

/** The minutes that a message and the page beside it tell of a lifetime in seconds. */
export const minutesOf = (lifetime: number): number => Math.round(lifetime / 60);

/** Tells a person which of several messages a code belongs to; it is no secret. */
export const newReference = (): string =>
  Array.from(
    { length: REFERENCE_LENGTH },
    () => REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)],
  ).join('');

/** A number less its last four digits: numbers that are bought to be called in bulk share it. */
export const prefixOf = (mobile: string): string => mobile.slice(0, -4);
