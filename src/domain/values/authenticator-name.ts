const MAX_CHARACTERS = 50;
/** Nothing that cannot be seen or that turns the text around, and no second line. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

/**
 * What a person calls a passkey or an authenticator app: 1 to 50 characters, in NFC and without spaces around them;
 * undefined for any other text. Operators see it too.
 */
export function parseAuthenticatorName(input: string): string | undefined {
  const name = input.normalize('NFC').trim();
  return VISIBLE.test(name) && [...name].length <= MAX_CHARACTERS ? name : undefined;
}
