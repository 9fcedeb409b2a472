import { dayOf, isCalendarDay } from './calendar-day.ts';

/** The first accepted year, in the Common Era. */
export const FIRST_BIRTH_YEAR = 1900;
const SLASHED = /^(\d\d)\/(\d\d)\/(\d{4})$/;

/**
 * Whether `YYYY-MM-DD` is a day of the Common Era from 1900 to today. `today` is the current instant; `timeZone` (an
 * IANA name) determines its calendar day.
 */
export const isBirthDate = (iso: string, today: Date, timeZone = 'Asia/Bangkok'): boolean =>
  isCalendarDay(iso) && Number(iso.slice(0, 4)) >= FIRST_BIRTH_YEAR && iso <= dayOf(today, timeZone);

/**
 * Converts `dd/MM/yyyy` to `YYYY-MM-DD`, or returns undefined; limits as for `isBirthDate`. A Buddhist year is in the
 * future and therefore rejected.
 */
export function parseBirthDate(input: string, today: Date, timeZone?: string): string | undefined {
  const [, day, month, year] = SLASHED.exec(input) ?? [];
  const iso = `${year}-${month}-${day}`;
  return isBirthDate(iso, today, timeZone) ? iso : undefined;
}
