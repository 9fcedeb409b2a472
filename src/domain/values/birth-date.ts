/** Of the Common Era. */
export const FIRST_BIRTH_YEAR = 1900;
const SLASHED = /^(\d\d)\/(\d\d)\/(\d{4})$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Whether `YYYY-MM-DD` is a day of the Gregorian calendar. */
export const isCalendarDay = (iso: string): boolean => {
  const [, year, month, day] = ISO.exec(iso)?.map(Number) ?? [];
  if (!year || !month || !day) return false;
  // `Date` lets 30 February run over into March, and so does not give the same day back.
  return new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(iso);
};

/** The calendar day of an instant; the Swedish notation is the ISO one. */
const dayOf = (instant: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  );

/**
 * Whether `YYYY-MM-DD` is a day of the Common Era from 1900 to today.
 * `today`: the present instant; `timeZone`: where its calendar day is read (IANA name).
 */
export const isBirthDate = (iso: string, today: Date, timeZone = 'Asia/Bangkok'): boolean =>
  isCalendarDay(iso) && Number(iso.slice(0, 4)) >= FIRST_BIRTH_YEAR && iso <= dayOf(today, timeZone);

/** `dd/MM/yyyy` to `YYYY-MM-DD`, or undefined; limits as for `isBirthDate`. A Buddhist year lies in the future. */
export function parseBirthDate(input: string, today: Date, timeZone?: string): string | undefined {
  const [, day, month, year] = SLASHED.exec(input) ?? [];
  const iso = `${year}-${month}-${day}`;
  return isBirthDate(iso, today, timeZone) ? iso : undefined;
}

/** `YYYY-MM-DD` to `dd/MM/yyyy`. */
export const formatBirthDate = (iso: string): string => iso.split('-').reverse().join('/');
