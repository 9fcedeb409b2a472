export const MAX_PASSWORD_BYTES = 1024;

/** NFKC, so that a password typed on two keyboards is the same (RFC 8265 §4.1, NIST SP 800-63B §3.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/**
 * True above 1,024 bytes of UTF-8, as typed or normalised; such a password is never hashed. An unpaired surrogate
 * counts, and is hashed, as U+FFFD.
 */
export const tooLong = (password: string): boolean =>
  Buffer.byteLength(password) > MAX_PASSWORD_BYTES ||
  Buffer.byteLength(normalisePassword(password)) > MAX_PASSWORD_BYTES;

/**
 * The forms to compare with a stored hash: the normalised password, then the password as typed if it differs, because
 * most systems that hashes are imported from do not normalise. (NFKC changes the Thai vowel sara am.)
 */
export const passwordForms = (password: string): string[] => [
  ...new Set([normalisePassword(password), password]),
];
