const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2})?)?$/;

/** The offset of a zone from UTC at a time, in milliseconds. */
function offsetAt(format: Intl.DateTimeFormat, time: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** The same digits as a UTC time, to the minute. */
const typedAsUtc = ([, year, month, day, hour = '00', minute = '00']: readonly string[]): string =>
  `${year}-${month}-${day}T${hour}:${minute}`;

/**
 * Parses the value of `<input type="datetime-local">` or `date` as a time of a zone (its IANA name); undefined for any
 * other text.
 */
export function zonedTime(timeZone: string): (typed: string) => Date | undefined {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (typed) => {
    const match = LOCAL.exec(typed);
    if (!match) return undefined;
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match
      .slice(1)
      .map((part) => Number(part ?? 0));
    const asUtc = Date.UTC(year, month - 1, day, hour, minute);
    // a nonexistent day or hour, such as 30 February, yields another time
    if (new Date(asUtc).toISOString().slice(0, 16) !== typedAsUtc(match)) return undefined;
    // uses the offset at the local reading as UTC, then at the resulting time: correct except in the hour skipped by a
    // change of clocks
    const guess = asUtc - offsetAt(format, asUtc);
    return new Date(asUtc - offsetAt(format, guess));
  };
}
