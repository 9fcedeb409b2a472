/** The maximum length; it fits the identifiers of other systems and an index entry. */
const MAX_LENGTH = 200;

/** No invisible characters: two identifiers that look the same would be two accounts. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/**
 * Parses the identifier of an account in another system, exactly as that system writes it, including case. Returns
 * undefined if it is empty, longer than 200 characters, has invisible characters, or begins or ends with a space.
 */
export function parseExternalId(input: string): string | undefined {
  const id = input.normalize('NFC');
  return id === id.trim() && [...id].length <= MAX_LENGTH && VISIBLE.test(id) ? id : undefined;
}
