export const MAX_PASSWORD_BYTES = 1024;

/** NFKC, so that one password typed on two keyboards is one password (RFC 8265 §4.1, NIST SP 800-63B §3.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/**
 * True above 1,024 bytes of UTF-8, as typed or normalised: such a password is never hashed. An unpaired
 * surrogate counts, and is hashed, as U+FFFD.
 */
export const tooLong = (password: string): boolean =>
  Buffer.byteLength(password) > MAX_PASSWORD_BYTES ||
  Buffer.byteLength(normalisePassword(password)) > MAX_PASSWORD_BYTES;

/**
 * What to compare with a stored hash: the normalised password, then the password as typed where that differs,
 * because most systems that hashes are imported from never normalised. (NFKC changes the Thai vowel sara am.)
 */
export const passwordForms = (password: string): string[] => [
  ...new Set([normalisePassword(password), password]),
];
