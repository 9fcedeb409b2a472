import { AppError } from '../errors/app-error.ts';

/** True when PostgreSQL can hold the text: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Decodes percent-encoding (RFC 3986 §2.1) strictly: a broken escape, bytes that are not UTF-8 and a NUL
 * are `INVALID_CHARACTER`.
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
