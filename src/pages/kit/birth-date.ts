import { FIRST_BIRTH_YEAR, isBirthDate } from '../../domain/values/birth-date.ts';
import { isCalendarDay } from '../../domain/values/calendar-day.ts';
import type { Locale } from '../../domain/values/locale.ts';
import { plainText } from '../../lib/typed-text.ts';
import { calendarDay } from '../page-data/days.ts';
import type { FormError } from '../page-data/page-data.ts';

/** The number of years by which the Buddhist era, which Thailand uses, is ahead of the Common Era. */
const BUDDHIST_ERA = 543;

/** Day, month and year, as Thai pages request them. The number pads of some telephones have only digits. */
const THAI_ORDER = /^(\d{1,2})( ?[ ./-]? ?)(\d{1,2})\2(\d{4})$/;

/**
 * Converts typed text to `YYYY-MM-DD` of the Common Era, or returns the text unchanged. A date in the order day,
 * month, year is in the Buddhist era, because only Thai pages request that order. ISO 8601 is the format that date
 * fields send and that browsers fill in. The range of the year is not checked here.
 */
export function commonDay(typed: string): string {
  const text = plainText(typed);
  const [, day = '', separator, month = '', year] = THAI_ORDER.exec(text) ?? [];
  const isUnclear = separator === '' && text.length !== 'ddmmyyyy'.length;
  if (year === undefined || isUnclear) return text;
  const common = String(Number(year) - BUDDHIST_ERA).padStart(4, '0');
  return `${common}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** A year of the Common Era in the calendar of a page's language. */
export const yearIn = (year: number, locale: Locale): number =>
  locale === 'th' ? year + BUDDHIST_ERA : year;

/** Years from this one on belong to the Buddhist era, whatever format they were typed in. */
const FIRST_BUDDHIST_YEAR = 2400;

/**
 * Formats a date for the field of a page. Text that is not a date, or has a year of the Buddhist era, is returned as
 * typed. Outside Thai pages, so is a year before `FIRST_BIRTH_YEAR`.
 */
export function dayInField(typed: string, locale: Locale): string {
  const day = commonDay(typed);
  const [year = '', month, date] = day.split('-');
  if (!isCalendarDay(day) || Number(year) >= FIRST_BUDDHIST_YEAR) return typed;
  if (locale === 'th') return `${date}/${month}/${yearIn(Number(year), 'th')}`;
  return Number(year) < FIRST_BIRTH_YEAR ? typed : day;
}

/** The first and last possible year of birth. `today` is `YYYY-MM-DD`. */
export const birthYears = (today: string): { first: number; last: number } => ({
  first: FIRST_BIRTH_YEAR,
  last: Number(today.slice(0, 4)),
});

/** Reads the field. Returns `YYYY-MM-DD`, or the error in it. */
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
