const MAX_CHARACTERS = 50;
/** Letters of any script with their marks, digits, full stop, hyphen, underscore. */
const CHARACTERS = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;
const LETTER = /\p{L}/u;

/**
 * Parses the name that a person prefers in applications (`preferred_username`, OpenID Connect Core §5.1), in NFC;
 * returns undefined for other text. It is not unique and cannot be used to sign in.
 *
 * It cannot look like an e-mail address, a mobile number or an account id, because some applications treat it as one.
 */
export function parseUsername(input: string): string | undefined {
  if (input.length > 8 * MAX_CHARACTERS) return undefined;
  const name = input.normalize('NFC').trim();
  const isUsername = CHARACTERS.test(name) && LETTER.test(name);
  return isUsername && [...name].length <= MAX_CHARACTERS ? name : undefined;
}
