import { inEveryLanguage, type Locale, regionalTag } from '../../domain/values/locale.ts';

/** Formats long dates for each language. Thai dates have the year of the Buddhist era. `timeZone` is an IANA name. */
export function dayWriter(timeZone: string): (date: Date) => Record<Locale, string> {
  const formats = inEveryLanguage(
    (locale) => new Intl.DateTimeFormat(regionalTag(locale), { timeZone, dateStyle: 'long' }),
  );
  return (date) => inEveryLanguage((locale) => (formats[locale] ?? formats.en).format(date));
}

/** The `YYYY-MM-DD` of an instant in a time zone. The Swedish format is that of ISO 8601. */
export const calendarDay = (instant: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
