const MAX_CHARACTERS = 50;
/** No invisible characters, no characters that change the text direction, and a single line. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/**
 * Parses the name that a person gives a passkey or an authenticator app: 1 to 50 characters, in NFC and trimmed.
 * Returns undefined for any other text. Operators also see the name.
 */
export function parseAuthenticatorName(input: string): string | undefined {
  const name = input.normalize('NFC').trim();
  return VISIBLE.test(name) && [...name].length <= MAX_CHARACTERS ? name : undefined;
}
