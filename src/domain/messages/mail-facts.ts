import { inEveryLanguage, regionalTag } from '../values/locale.ts';
import { nationalMobile } from '../values/mobile.ts';
import type { Circumstances } from './circumstances.ts';
import { type FactName, fill, type MailTexts, oneLine } from './mail-texts.ts';
import type { Locale, NoticeText } from './message.ts';

/** A label and what it says. */
export type Fact = readonly [label: string, value: string];

/** Values that clients of the Self-service API read, each on a line of its own, in the order of the lines. */
const LINES = ['identifier', 'secret', 'key', 'code'] as const;

/** `identifier: …`, as those clients read it. */
export const linesOf = ({ values, showsValues }: NoticeText): Fact[] =>
  showsValues
    ? LINES.flatMap((name) => {
        const value = values[name];
        return value === undefined ? [] : [[name, oneLine(value)] as const];
      })
    : [];

/** A code that people type; clients of the Self-service API find it among the lines. */
export const codeOf = ({ values: { code }, showsValues }: NoticeText, texts: MailTexts): Fact | undefined =>
  code === undefined || showsValues ? undefined : [texts.facts.code, oneLine(code)];

/** `081-234-5678`; the number of another country stays as it is. */
const grouped = (mobile: string): string =>
  nationalMobile(mobile).replace(/^(0\d{2})(\d{3})(\d{4})$/, '$1-$2-$3');

/** Writes times of the zone, in Thai with the year of the Buddhist era. */
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

/** Writes times of the zone as briefly as an SMS needs them. */
export function shortTimeWriter(timeZone: string): (at: Date, locale: Locale) => string {
  const style = { timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const formats = inEveryLanguage((locale) => new Intl.DateTimeFormat(regionalTag(locale), style));
  return (at, locale) => (formats[locale] ?? formats.en).format(at);
}

/** `until` as people read it, of values that have it. */
export const untilIn = ({ until }: NoticeText['values'], write: (at: Date) => string): { until?: string } =>
  until === undefined ? {} : { until: write(new Date(until)) };

function deviceOf({ browser, system }: Circumstances, { device }: MailTexts): string | undefined {
  if (browser && system) return fill(device.both, { browser, system }, 'device');
  if (browser) return fill(device.browser, { browser }, 'device');
  return system && fill(device.system, { system }, 'device');
}

/**
 * What a mail says in particular, without what is unknown. Only an owner of the account learns from which device and
 * address something was done.
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
