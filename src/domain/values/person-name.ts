const MAX_CHARACTERS = 50;
/** Thai or Latin letters, combining marks, space, hyphen, apostrophe (typewriter or curly), full stop. */
const CHARACTERS =
  /^[[\p{L}&&[\p{Script=Thai}\p{Script=Latin}]][\p{M}&&[\p{Script=Thai}\p{Script=Inherited}]] \-'’.]+$/v;
const LETTER = /\p{L}/u;
/** A mark needs a letter to stand on. */
const LEADING_MARK = /^\p{M}/u;

/**
 * A first or last name of 1 to 50 characters, in NFC and without spaces around it, or undefined. It has at
 * least one letter and nothing that cannot be seen: no control, format or direction characters.
 */
export function parsePersonName(input: string): string | undefined {
  // NFC makes at most four code points into one, so what is longer than this cannot fit.
  if (input.length > 8 * MAX_CHARACTERS) return undefined;
  const name = input.normalize('NFC').replaceAll(/^ +| +$/g, '');
  const isName = CHARACTERS.test(name) && LETTER.test(name) && !LEADING_MARK.test(name);
  return isName && [...name].length <= MAX_CHARACTERS ? name : undefined;
}

/** First name, a space, last name; only the one that is there when the other is empty. */
export const fullName = (firstName: string, lastName: string): string => `${firstName} ${lastName}`.trim();

/** The first word, and the rest (empty for a single word). */
export function splitName(name: string): { firstName: string; lastName: string } {
  const trimmed = name.trim();
  const [firstName = ''] = trimmed.split(/\s/, 1);
  return { firstName, lastName: trimmed.slice(firstName.length).trim() };
}

/**
 * First and last name of a name as one text, each as `parsePersonName` takes it; null for a last name that is not
 * there.
 */
export function parseFullName(name: string): { firstName: string; lastName: string | null } | undefined {
  const { firstName, lastName } = splitName(name);
  const first = parsePersonName(firstName);
  const last = lastName === '' ? null : parsePersonName(lastName);
  return first === undefined || last === undefined ? undefined : { firstName: first, lastName: last };
}

/** The name of a profile as one text, or null when it has none. */
export const profileName = ({
  firstName,
  lastName,
}: Record<'firstName' | 'lastName', string | null>): string | null =>
  fullName(firstName ?? '', lastName ?? '') || null;
