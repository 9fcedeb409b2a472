import ejs from 'ejs';
import { inLanguage } from '../values/locale.ts';
import { readViews, type Views } from '../views/views.ts';
import { shortTimeWriter, timeWriter, untilIn } from './mail-facts.ts';
import { type MailTexts, readMailTexts } from './mail-texts.ts';
import { mailView } from './mail-view.ts';
import type { Locale, MailContent, NoticeText, SmsContent } from './message.ts';
import { plainText } from './plain-text.ts';
import { smsText } from './sms-text.ts';

/** Colours as `#rrggbb`: of the button, of its text and of links. */
interface Accent {
  fill: string;
  onFill: string;
  text: string;
}

export interface MailBrand {
  light: Accent;
  dark: Accent;
  /** In pixels. */
  corner: number;
  /** Preferred font families, as in CSS. */
  fonts?: string | undefined;
  /** An https address; mails have no other image. */
  logo?: string | undefined;
}

export interface TemplateSettings {
  productName: Readonly<Record<Locale, string>>;
  /** Without a trailing slash. */
  issuer: string;
  /** The time zone of times in mails (IANA name). */
  timeZone: string;
  brand: MailBrand;
  supportUri?: string | undefined;
  /** Defaults to the built-in views. */
  views?: Views;
  texts?: Readonly<Record<Locale, MailTexts>>;
  /** The domain of origin-bound codes: the last line of the SMS lets a phone fill in the code on its pages. */
  originBound?: string | undefined;
}

export interface Templates {
  /** Throws when the notice has no mail, or when a value that its texts name is missing. */
  mail(notice: NoticeText): Omit<MailContent, 'to'>;
  /** Throws as `mail` does. */
  sms(notice: NoticeText): Omit<SmsContent, 'to'>;
}

/** Renders messages; `{product}` is available in every text. */
export function templates({
  brand,
  timeZone,
  originBound,
  views = readViews(),
  texts = readMailTexts(views),
  ...settings
}: TemplateSettings): Templates {
  const layout = ejs.compile(views.read('mails/layout.html.ejs'), {
    strict: true,
    destructuredLocals: ['mail', 'brand'],
  });
  const writeTime = timeWriter(timeZone);
  /** Falls back to Thai, because the language of a profile is not necessarily a supported one. */
  const written = (locale: Locale): Locale => (Object.hasOwn(texts, locale) ? locale : 'th');
  const writeShortTime = shortTimeWriter(timeZone);

  return {
    mail(given) {
      const notice = { ...given, locale: written(given.locale) };
      const mail = mailView(notice, { ...settings, texts, writeTime });
      return { subject: mail.subject, text: plainText(mail), html: layout({ mail, brand }) };
    },
    sms({ kind, locale: wanted, values }) {
      const locale = written(wanted);
      const { notices } = inLanguage(texts, locale);
      const wordings = Object.hasOwn(notices, kind) ? notices[kind]?.sms : undefined;
      if (!wordings) throw new Error(`no sms for ${kind} in ${locale}`);
      const { code } = values;
      const lastLine = originBound && code ? `@${originBound} #${code}` : '';
      const until = untilIn(values, (at) => writeShortTime(at, locale));
      const all = { ...values, ...until, product: inLanguage(settings.productName, locale) };
      return { text: smsText(wordings, all, lastLine, kind) };
    },
  };
}
