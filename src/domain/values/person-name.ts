const MAX_CHARACTERS = 50;
/** Thai or Latin letters, combining marks, space, hyphen, apostrophe (typewriter or curly), full stop. */
const CHARACTERS =
  /^[[\p{L}&&[\p{Script=Thai}\p{Script=Latin}]][\p{M}&&[\p{Script=Thai}\p{Script=Inherited}]] \-'’.]+$/v;
const LETTER = /\p{L}/u;
/** A combining mark must follow a letter. */
const LEADING_MARK = /^\p{M}/u;

/**
 * Parses a first or last name of 1 to 50 characters, in NFC and trimmed; returns undefined for other text. It has at
 * least one letter and no invisible characters: no control, format or direction characters.
 */
export function parsePersonName(input: string): string | undefined {
  // NFC combines at most four code points into one, so a longer text cannot fit
  if (input.length > 8 * MAX_CHARACTERS) return undefined;
  const name = input.normalize('NFC').replaceAll(/^ +| +$/g, '');
  const isName = CHARACTERS.test(name) && LETTER.test(name) && !LEADING_MARK.test(name);
  return isName && [...name].length <= MAX_CHARACTERS ? name : undefined;
}

/** First name, a space and last name; only the other one if either is empty. */
export const fullName = (firstName: string, lastName: string): string => `${firstName} ${lastName}`.trim();

/** The first word, and the rest, which is empty for a single word. */
export function splitName(name: string): { firstName: string; lastName: string } {
  const trimmed = name.trim();
  const [firstName = ''] = trimmed.split(/\s/, 1);
  return { firstName, lastName: trimmed.slice(firstName.length).trim() };
}

/**
 * Splits a full name into first and last name, each parsed by `parsePersonName`; the last name is null if it is
 * missing.
 */
export function parseFullName(name: string): { firstName: string; lastName: string | null } | undefined {
  const { firstName, lastName } = splitName(name);
  const first = parsePersonName(firstName);
  const last = lastName === '' ? null : parsePersonName(lastName);
  return first === undefined || last === undefined ? undefined : { firstName: first, lastName: last };
}

/** The full name of a profile, or null if it has none. */
export const profileName = ({
  firstName,
  lastName,
}: Record<'firstName' | 'lastName', string | null>): string | null =>
  fullName(firstName ?? '', lastName ?? '') || null;
