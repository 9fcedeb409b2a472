import { FIRST_BIRTH_YEAR, isBirthDate } from '../../domain/values/birth-date.ts';
import { isCalendarDay } from '../../domain/values/calendar-day.ts';
import type { Locale } from '../../domain/values/locale.ts';
import { plainText } from '../../lib/typed-text.ts';
import { calendarDay } from '../page-data/days.ts';
import type { FormError } from '../page-data/page-data.ts';

/** How much later a year is in the Buddhist era, which Thailand counts in. */
const BUDDHIST_ERA = 543;

/** Day, month and year as Thai pages ask for them; the number pad of some telephones has digits only. */
const THAI_ORDER = /^(\d{1,2})( ?[ ./-]? ?)(\d{1,2})\2(\d{4})$/;

/**
 * `YYYY-MM-DD` of the Common Era out of what was typed, or the text as it is. Day, month and year in this order
 * count in the Buddhist era: only Thai pages ask for them. ISO 8601 is what a date field sends and what browsers
 * fill in on their own. The range of the year is not checked here.
 */
export function commonDay(typed: string): string {
  const text = plainText(typed);
  const [, day = '', separator, month = '', year] = THAI_ORDER.exec(text) ?? [];
  const isUnclear = separator === '' && text.length !== 'ddmmyyyy'.length;
  if (year === undefined || isUnclear) return text;
  const common = String(Number(year) - BUDDHIST_ERA).padStart(4, '0');
  return `${common}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** A year of the Common Era as pages of a language count it. */
export const yearIn = (year: number, locale: Locale): number =>
  locale === 'th' ? year + BUDDHIST_ERA : year;

/** Years from here on are of the Buddhist era, whatever they were typed as. */
const FIRST_BUDDHIST_YEAR = 2400;

/**
 * A day as the field of a page holds it; what is no day, or none that someone can be born on, stays as it was typed.
 */
export function dayInField(typed: string, locale: Locale): string {
  const day = commonDay(typed);
  const [year = '', month, date] = day.split('-');
  if (!isCalendarDay(day) || Number(year) >= FIRST_BUDDHIST_YEAR) return typed;
  if (locale === 'th') return `${date}/${month}/${yearIn(Number(year), 'th')}`;
  return Number(year) < FIRST_BIRTH_YEAR ? typed : day;
}

/** The years that people can be born in. `today`: `YYYY-MM-DD`. */
export const birthYears = (today: string): { first: number; last: number } => ({
  first: FIRST_BIRTH_YEAR,
  last: Number(today.slice(0, 4)),
});

/** Reads the field: `YYYY-MM-DD`, or what is wrong with it. */
export function readBirthDate(
  typed: string,
  { today, timeZone }: { today: Date; timeZone: string },
): { value: string } | { wrong: Pick<FormError, 'code' | 'years'> } {
  const value = commonDay(typed);
  if (isBirthDate(value, today, timeZone)) return { value };
  const years = birthYears(calendarDay(today, timeZone));
  const year = Number(value.slice(0, 4));
  const isOutside = isCalendarDay(value) && (year < years.first || year > years.last);
  return { wrong: isOutside ? { code: 'BIRTH_YEAR_WRONG', years } : { code: 'INVALID_BIRTH_DATE' } };
}
