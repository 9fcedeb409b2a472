import { inEveryLanguage, type Locale, regionalTag } from '../../domain/values/locale.ts';
import { calendarDay } from './days.ts';

/** A time in a format for people and in one for programs. */
export interface Moment {
  /** ISO 8601, UTC. */
  iso: string;
  /** Day and minute. Thai times have the year of the Buddhist era. */
  text: Record<Locale, string>;
}

/** Formats a time. The day is omitted near another time of the same day. */
export type WriteMoment = (time: Date, near?: Date) => Moment;

/** Formats times in a time zone, given by its IANA name. */
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
