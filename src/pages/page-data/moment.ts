import { LOCALES, type Locale } from '../../domain/values/locale.ts';
import { calendarDay } from './days.ts';

/** A time as people read it, and as programs do. */
export interface Moment {
  /** ISO 8601, UTC. */
  iso: string;
  /** Day and minute; in Thai with the year of the Buddhist era. */
  text: Record<Locale, string>;
}

const TAGS: Record<Locale, string> = { th: 'th-TH', en: 'en-GB' };

/** Writes a time. Near another time of the same day, which the reader knows, it is written without its day. */
export type WriteMoment = (time: Date, near?: Date) => Moment;

/** Writes times of the zone (its IANA name). */
export function momentWriter(timeZone: string): WriteMoment {
  const formats = LOCALES.map((locale) => {
    const minute = { timeZone, timeStyle: 'short' } as const;
    const whole = new Intl.DateTimeFormat(TAGS[locale], { ...minute, dateStyle: 'medium' });
    return [locale, whole, new Intl.DateTimeFormat(TAGS[locale], minute)] as const;
  });
  return (time, near) => {
    const isNear = near !== undefined && calendarDay(time, timeZone) === calendarDay(near, timeZone);
    return {
      iso: time.toISOString(),
      text: Object.fromEntries(
        formats.map(([locale, whole, minute]) => [locale, (isNear ? minute : whole).format(time)]),
      ) as Moment['text'],
    };
  };
}
