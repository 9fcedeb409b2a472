import * as z from 'zod';

/** Excludes offsets such as +07:00, which are no names. */
function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return /^[a-z]/i.test(text);
  } catch {
    return false;
  }
}

/** Accepts the IANA name of a time zone. */
export const timeZone = z
  .string()
  .refine(isTimeZone, 'must be the IANA name of a time zone, such as Asia/Bangkok');
