import { fillPlaceholders } from '../../lib/placeholders.ts';
import { readViews, type Views } from '../views/views.ts';
import type { Locale } from './message.ts';

/** Texts for a reader who is known to be the account's owner, and for any other. */
interface ByReader {
  owner: string;
  other: string;
}

/** The texts of a mail; `{name}` is a placeholder. */
export interface MailText {
  subject: string;
  /** The preview that a mail program shows next to the subject. */
  preheader: string;
  title: string;
  /** The event that the mail reports. */
  text: string;
  /** The recommended action. It precedes the button, because it states who needs it. */
  advice?: string;
  /** The validity of the link, and what happens if it is not used. */
  note?: string;
  /** The label of the link. Its target is the same in all languages (`mail-view.ts`). */
  button: string;
}

export type FactName = 'mobile' | 'email' | 'code' | 'time' | 'device' | 'address';

/** The texts of one language, `views/mails/<locale>.json`. */
export interface MailTexts {
  greeting: ByReader;
  /** Precedes the link in small print. */
  link: string;
  /** Labels. */
  facts: Readonly<Record<FactName, string>>;
  /** Names of a device whose browser and system are both known, or only one of them. */
  device: Readonly<Record<'both' | 'browser' | 'system', string>>;
  /** The reason for the mail, its sender, and the link to the help pages. */
  footer: ByReader & { sender: string; help: string };
  notices: Readonly<Record<string, { mail?: MailText; sms?: readonly string[] }>>;
}

/** Control characters and all line breaks: a value can neither add a header nor imitate a line of the mail. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Returns the texts of every language. */
export const readMailTexts = (views: Views = readViews()): Record<Locale, MailTexts> =>
  Object.fromEntries(
    views.locales.map((locale) => [locale, views.texts('mails', locale)]),
  ) as unknown as Record<Locale, MailTexts>;

/** Returns a value in a form that can be inserted into a text. */
export const oneLine = (value: string): string => value.toWellFormed().replace(BREAKS, ' ');

/** Fills in the placeholders of a text. Throws when a value is missing; `label` identifies the text in the error. */
export function fill(text: string, values: Readonly<Record<string, string>>, label: string): string {
  const printed = Object.entries(values).map(([name, value]) => [name, oneLine(value)] as const);
  return fillPlaceholders(text, Object.fromEntries(printed), label);
}
