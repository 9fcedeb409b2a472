import { inEveryLanguage, type Locale, regionalTag } from '../../domain/values/locale.ts';
import { calendarDay } from './days.ts';

/** A time as people read it, and as programs do. */
export interface Moment {
  /** ISO 8601, UTC. */
  iso: string;
  /** Day and minute; in Thai with the year of the Buddhist era. */
  text: Record<Locale, string>;
}

/** Writes a time. Near another time of the same day, which the reader knows, it is written without its day. */
export type WriteMoment = (time: Date, near?: Date) => Moment;

/** Writes times of the zone (its IANA name). */
export function momentWriter(timeZone: string): WriteMoment {
  const formats = inEveryLanguage((locale) => {
    const minute = { timeZone, timeStyle: 'short' } as const;
    const whole = new Intl.DateTimeFormat(regionalTag(locale), { ...minute, dateStyle: 'medium' });
    return { whole, minute: new Intl.DateTimeFormat(regionalTag(locale), minute) };
  });
  return (time, near) => {
    const isNear = near !== undefined && calendarDay(time, timeZone) === calendarDay(near, timeZone);
    const style = isNear ? 'minute' : 'whole';
    return {
      iso: time.toISOString(),
      text: inEveryLanguage((locale) => (formats[locale] ?? formats.en)[style].format(time)),
    };
  };
}
