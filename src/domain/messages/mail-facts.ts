import { inEveryLanguage, regionalTag } from '../values/locale.ts';
import { nationalMobile } from '../values/mobile.ts';
import type { Circumstances } from './circumstances.ts';
import { type FactName, fill, type MailTexts, oneLine } from './mail-texts.ts';
import type { Locale, NoticeText } from './message.ts';

/** A label and its value. */
export type Fact = readonly [label: string, value: string];

/** The values that clients of the Self-service API parse, each on a separate line, in the order of the lines. */
const LINES = ['identifier', 'secret', 'key', 'code'] as const;

/** Returns the lines in the form `identifier: …`, which those clients parse. */
export const linesOf = ({ values, showsValues }: NoticeText): Fact[] =>
  showsValues
    ? LINES.flatMap((name) => {
        const value = values[name];
        return value === undefined ? [] : [[name, oneLine(value)] as const];
      })
    : [];

/** Returns the code that a person types; undefined if the lines contain it for clients of the Self-service API. */
export const codeOf = ({ values: { code }, showsValues }: NoticeText, texts: MailTexts): Fact | undefined =>
  code === undefined || showsValues ? undefined : [texts.facts.code, oneLine(code)];

/** Formats a number as `081-234-5678`; a number of another country is unchanged. */
const grouped = (mobile: string): string =>
  nationalMobile(mobile).replace(/^(0\d{2})(\d{3})(\d{4})$/, '$1-$2-$3');

/** Returns a formatter of times in the zone; Thai texts use the year of the Buddhist era. */
export function timeWriter(timeZone: string): (at: Date, locale: Locale) => string {
  const style = { timeZone, dateStyle: 'long', timeStyle: 'short' } as const;
  const formats = inEveryLanguage((locale) => new Intl.DateTimeFormat(regionalTag(locale), style));
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'shortOffset' });
  return (at, locale) => {
    const text = (formats[locale] ?? formats.en).format(at);
    if (locale === 'th') return `${text} น.`;
    const offset = zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
    return `${text} (${offset})`;
  };
}

/** Returns a formatter of times in the zone that is short enough for an SMS. */
export function shortTimeWriter(timeZone: string): (at: Date, locale: Locale) => string {
  const style = { timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const formats = inEveryLanguage((locale) => new Intl.DateTimeFormat(regionalTag(locale), style));
  return (at, locale) => (formats[locale] ?? formats.en).format(at);
}

/** Returns `until` in readable form, if the values contain it. */
export const untilIn = ({ until }: NoticeText['values'], write: (at: Date) => string): { until?: string } =>
  until === undefined ? {} : { until: write(new Date(until)) };

function deviceOf({ browser, system }: Circumstances, { device }: MailTexts): string | undefined {
  if (browser && system) return fill(device.both, { browser, system }, 'device');
  if (browser) return fill(device.browser, { browser }, 'device');
  return system && fill(device.system, { system }, 'device');
}

/**
 * Returns the details of a mail, without unknown ones. Only an owner of the account is shown the device and the address
 * that something was done from.
 */
export function factsOf(
  { values, locale, owner, done }: NoticeText,
  texts: MailTexts,
  writeTime: ReturnType<typeof timeWriter>,
): Fact[] {
  const { mobile, email } = values;
  const found: readonly (readonly [FactName, string | undefined])[] = [
    ['mobile', mobile && grouped(mobile)],
    ['email', email],
    ['time', done && writeTime(done.at, locale)],
    ['device', owner && done && deviceOf(done, texts)],
    ['address', owner && done?.address],
  ];
  return found.flatMap(([name, value]) => (value ? [[texts.facts[name], oneLine(value)] as const] : []));
}
