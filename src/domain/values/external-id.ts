/** As many characters as identifiers of other systems have, and an index entry holds. */
const MAX_LENGTH = 200;

/** Nothing invisible: two identifiers that look the same would be two accounts. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/**
 * The identifier of an account in another system, exactly as that system writes it, case included; undefined when it is
 * empty, longer than 200 characters, has invisible characters or begins or ends with a space.
 */
export function parseExternalId(input: string): string | undefined {
  const id = input.normalize('NFC');
  return id === id.trim() && [...id].length <= MAX_LENGTH && VISIBLE.test(id) ? id : undefined;
}
