import { AppError } from '../errors/app-error.ts';

/** Whether PostgreSQL can store the text: it has no NUL and no unpaired surrogate. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Decodes percent-encoding (RFC 3986 §2.1) strictly. Throws `INVALID_CHARACTER` for a malformed escape, bytes that are
 * not UTF-8, or a NUL.
 */
export function decodeStrictly(encoded: string, field?: string): string {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch (cause) {
    throw new AppError('INVALID_CHARACTER', { field, cause });
  }
  if (!isStorable(text)) throw new AppError('INVALID_CHARACTER', { field });
  return text;
}
