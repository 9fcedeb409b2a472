const ISO = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Whether `YYYY-MM-DD` is a day of the Gregorian calendar. */
export const isCalendarDay = (iso: string): boolean => {
  const [, year, month, day] = ISO.exec(iso)?.map(Number) ?? [];
  if (!year || !month || !day) return false;
  // `Date` rolls 30 February over into March and so does not return the same day
  return new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(iso);
};

/** One formatter for each time zone: a formatter holds some 30 KiB outside of the heap, which are freed late. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant, `YYYY-MM-DD`; the Swedish format is the ISO one. */
export function dayOf(instant: Date, timeZone: string): string {
  let format = FORMATS.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    FORMATS.set(timeZone, format);
  }
  return format.format(instant);
}

/** Converts `YYYY-MM-DD` to `dd/MM/yyyy`. */
export const formatDay = (iso: string): string => iso.split('-').reverse().join('/');
