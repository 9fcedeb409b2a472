import { LOCALES, type Locale } from '../../domain/values/locale.ts';

/** A time as people read it, and as programs do. */
export interface Moment {
  /** ISO 8601, UTC. */
  iso: string;
  /** Day and minute; in Thai with the year of the Buddhist era. */
  text: Record<Locale, string>;
}

const TAGS: Record<Locale, string> = { th: 'th-TH', en: 'en-GB' };

/** Writes times of the zone (its IANA name). */
export function momentWriter(timeZone: string): (date: Date) => Moment {
  const formats = LOCALES.map((locale) => {
    const format = new Intl.DateTimeFormat(TAGS[locale], {
      timeZone,
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    return [locale, format] as const;
  });
  return (date) => ({
    iso: date.toISOString(),
    text: Object.fromEntries(
      formats.map(([locale, format]) => [locale, format.format(date)]),
    ) as Moment['text'],
  });
}
