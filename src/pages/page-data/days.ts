import { inEveryLanguage, type Locale, regionalTag } from '../../domain/values/locale.ts';

/** Long dates as each language writes them; the Thai one counts years of the Buddhist era. `timeZone`: IANA name. */
export function dayWriter(timeZone: string): (date: Date) => Record<Locale, string> {
  const formats = inEveryLanguage(
    (locale) => new Intl.DateTimeFormat(regionalTag(locale), { timeZone, dateStyle: 'long' }),
  );
  return (date) => inEveryLanguage((locale) => (formats[locale] ?? formats.en).format(date));
}

/** `YYYY-MM-DD` of an instant in a zone; the Swedish notation is the ISO one. */
export const calendarDay = (instant: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
