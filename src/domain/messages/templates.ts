import { readFileSync } from 'node:fs';
import ejs from 'ejs';
import { shortTimeWriter, timeWriter, untilIn } from './mail-facts.ts';
import { type MailTexts, readMailTexts } from './mail-texts.ts';
import { mailView } from './mail-view.ts';
import type { Locale, MailContent, NoticeText, SmsContent } from './message.ts';
import { plainText } from './plain-text.ts';
import { smsText } from './sms-text.ts';

/** Colours as `#rrggbb`: of the button, of the text on it, and of links. */
interface Accent {
  fill: string;
  onFill: string;
  text: string;
}

export interface MailBrand {
  light: Accent;
  dark: Accent;
  /** Pixels. */
  corner: number;
  /** Font families to prefer, as in CSS. */
  fonts?: string | undefined;
  /** An https address; mails have no other image. */
  logo?: string | undefined;
}

export interface TemplateSettings {
  productName: Readonly<Record<Locale, string>>;
  /** Without a slash at its end. */
  issuer: string;
  /** Of the times in mails (IANA name). */
  timeZone: string;
  brand: MailBrand;
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

const LAYOUT = new URL('../../../views/mails/layout.html.ejs', import.meta.url);

/** Writes messages; `{product}` is a value of every one. */
export function templates({
  brand,
  timeZone,
  originBound,
  texts = readMailTexts(),
  ...settings
}: TemplateSettings): Templates {
  const layout = ejs.compile(readFileSync(LAYOUT, 'utf8'), {
    strict: true,
    destructuredLocals: ['mail', 'brand'],
  });
  const writeTime = timeWriter(timeZone);
  const writeShortTime = shortTimeWriter(timeZone);

  return {
    mail(notice) {
      const mail = mailView(notice, { ...settings, texts, writeTime });
      return { subject: mail.subject, text: plainText(mail), html: layout({ mail, brand }) };
    },
    sms({ kind, locale, values }) {
      const { notices } = texts[locale];
      const wordings = Object.hasOwn(notices, kind) ? notices[kind]?.sms : undefined;
      if (!wordings) throw new Error(`no sms for ${kind} in ${locale}`);
      const { code } = values;
      const lastLine = originBound && code ? `@${originBound} #${code}` : '';
      const until = untilIn(values, (at) => writeShortTime(at, locale));
      const all = { ...values, ...until, product: settings.productName[locale] };
      return { text: smsText(wordings, all, lastLine, kind) };
    },
  };
}
