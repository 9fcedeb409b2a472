import { readFileSync } from 'node:fs';
import ejs from 'ejs';
import type { Locale, MailContent, NoticeText, SmsContent } from './message.ts';

/** The words of one notice; `{name}` stands for a value. A line that is only a URL becomes a link. */
interface NoticeWords {
  subject?: string;
  lines?: readonly string[];
  sms?: string;
}

/** The words of one language, `views/words/messages.<locale>.json`. */
export interface MessageWords {
  /** Ends every mail. */
  footer: readonly string[];
  /** Stands before the address of the help pages. */
  help: string;
  notices: Readonly<Record<string, NoticeWords>>;
}

export interface TemplateSettings {
  productName: Readonly<Record<Locale, string>>;
  supportUri?: string | undefined;
  words?: Readonly<Record<Locale, MessageWords>>;
  /** A domain whose pages a phone may fill the code into: a last line that says so (origin-bound codes). */
  originBound?: string | undefined;
}

export interface Templates {
  /** Throws when the notice has no mail, or a value that its words name is missing. */
  mail(notice: NoticeText): Omit<MailContent, 'to'>;
  /** Throws as `mail` does. */
  sms(notice: NoticeText): Omit<SmsContent, 'to'>;
}

type Values = Readonly<Record<string, string>>;

const VIEWS = new URL('../../../views/', import.meta.url);
/** Control characters and every kind of line break: a value can neither add a header nor look like a line of ours. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

const read = (path: string): string => readFileSync(new URL(path, VIEWS), 'utf8');

export const readMessageWords = (): Record<Locale, MessageWords> => ({
  th: JSON.parse(read('words/messages.th.json')) as MessageWords,
  en: JSON.parse(read('words/messages.en.json')) as MessageWords,
});

const oneLine = (value: string): string => value.toWellFormed().replace(BREAKS, ' ');

const fill = (sentence: string, values: Values): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`missing message parameter {${name}}`);
    return oneLine(value);
  });

/** Writes messages; `{product}` is a value of every one. */
export function templates({
  productName,
  supportUri,
  words = readMessageWords(),
  originBound,
}: TemplateSettings): Templates {
  const layout = ejs.compile(read('mails/layout.html.ejs'), { strict: true, localsName: 'mail' });

  function wordsOf<Part extends keyof NoticeWords>({ kind, locale }: NoticeText, part: Part) {
    const found = words[locale].notices[kind]?.[part];
    if (found === undefined) throw new Error(`no ${part} for ${kind} in ${locale}`);
    return found;
  }
  const valuesOf = ({ locale, values }: NoticeText): Values => ({ ...values, product: productName[locale] });

  return {
    mail(notice) {
      const { locale } = notice;
      const values = valuesOf(notice);
      const { footer, help } = words[locale];
      const sentences = [...wordsOf(notice, 'lines'), ...footer];
      const lines = sentences.map((sentence) => fill(sentence, values));
      if (supportUri) lines.push(help, supportUri);
      const subject = fill(wordsOf(notice, 'subject'), values);
      return { subject, text: `${lines.join('\n\n')}\n`, html: layout({ locale, subject, lines }) };
    },
    sms(notice) {
      const text = fill(wordsOf(notice, 'sms'), valuesOf(notice));
      const { code } = notice.values;
      return { text: originBound && code ? `${text}\n\n@${originBound} #${code}` : text };
    },
  };
}
