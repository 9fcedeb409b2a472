import { readFileSync } from 'node:fs';
import ejs from 'ejs';
import { fillPlaceholders } from '../../lib/placeholders.ts';
import type { Locale, MailContent, NoticeText, SmsContent } from './message.ts';

/** The texts of one notice; `{name}` stands for a value. A line that is only a URL becomes a link. */
interface NoticeTexts {
  subject?: string;
  lines?: readonly string[];
  sms?: string;
}

/** The texts of one language, `views/mails/<locale>.json`. */
export interface MailTexts {
  /** Ends every mail. */
  footer: readonly string[];
  /** Stands before the address of the help pages. */
  help: string;
  notices: Readonly<Record<string, NoticeTexts>>;
}

export interface TemplateSettings {
  productName: Readonly<Record<Locale, string>>;
  supportUri?: string | undefined;
  texts?: Readonly<Record<Locale, MailTexts>>;
  /** A domain whose pages a phone may fill the code into: a last line that says so (origin-bound codes). */
  originBound?: string | undefined;
}

export interface Templates {
  /** Throws when the notice has no mail, or a value that its texts name is missing. */
  mail(notice: NoticeText): Omit<MailContent, 'to'>;
  /** Throws as `mail` does. */
  sms(notice: NoticeText): Omit<SmsContent, 'to'>;
}

const VIEWS = new URL('../../../views/', import.meta.url);
/** Control characters and every kind of line break: a value can neither add a header nor look like a line of ours. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

const read = (path: string): string => readFileSync(new URL(path, VIEWS), 'utf8');

export const readMailTexts = (): Record<Locale, MailTexts> => ({
  th: JSON.parse(read('mails/th.json')) as MailTexts,
  en: JSON.parse(read('mails/en.json')) as MailTexts,
});

const oneLine = (value: string): string => value.toWellFormed().replace(BREAKS, ' ');

/** Writes messages; `{product}` is a value of every one. */
export function templates({
  productName,
  supportUri,
  texts = readMailTexts(),
  originBound,
}: TemplateSettings): Templates {
  const layout = ejs.compile(read('mails/layout.html.ejs'), { strict: true, localsName: 'mail' });

  function textOf<Part extends keyof NoticeTexts>({ kind, locale }: NoticeText, part: Part) {
    const found = texts[locale].notices[kind]?.[part];
    if (found === undefined) throw new Error(`no ${part} for ${kind} in ${locale}`);
    return found;
  }
  const filler = ({ kind, locale, values }: NoticeText) => {
    const all = Object.entries({ ...values, product: productName[locale] });
    const printed = Object.fromEntries(all.map(([name, value]) => [name, oneLine(value)]));
    return (text: string): string => fillPlaceholders(text, printed, kind);
  };

  return {
    mail(notice) {
      const { locale } = notice;
      const fill = filler(notice);
      const { footer, help } = texts[locale];
      const sentences = [...textOf(notice, 'lines'), ...footer];
      const lines = sentences.map(fill);
      if (supportUri) lines.push(help, supportUri);
      const subject = fill(textOf(notice, 'subject'));
      return { subject, text: `${lines.join('\n\n')}\n`, html: layout({ locale, subject, lines }) };
    },
    sms(notice) {
      const text = filler(notice)(textOf(notice, 'sms'));
      const { code } = notice.values;
      return { text: originBound && code ? `${text}\n\n@${originBound} #${code}` : text };
    },
  };
}
