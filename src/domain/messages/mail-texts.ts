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
  /** What a mail program shows beside the subject. */
  preheader: string;
  title: string;
  /** What happened. */
  text: string;
  /** What to do; it stands above the button, as it says who needs it. */
  advice?: string;
  /** How long the link is valid, and what happens without it. */
  note?: string;
  /** Of the link; where it leads is the same in all languages (`mail-view.ts`). */
  button: string;
}

export type FactName = 'mobile' | 'email' | 'code' | 'time' | 'device' | 'address';

/** The texts of one language, `views/mails/<locale>.json`. */
export interface MailTexts {
  greeting: ByReader;
  /** Stands before the link in small print. */
  link: string;
  /** Labels. */
  facts: Readonly<Record<FactName, string>>;
  /** Names of a device of which browser and system, or only one of them, are known. */
  device: Readonly<Record<'both' | 'browser' | 'system', string>>;
  /** Why the mail came, who sent it, and the link to the help pages. */
  footer: ByReader & { sender: string; help: string };
  notices: Readonly<Record<string, { mail?: MailText; sms?: readonly string[] }>>;
}

/** Control characters and every kind of line break: a value can neither add a header nor look like a line of ours. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** The texts of every language. */
export const readMailTexts = (views: Views = readViews()): Record<Locale, MailTexts> =>
  Object.fromEntries(
    views.locales.map((locale) => [locale, views.texts('mails', locale)]),
  ) as unknown as Record<Locale, MailTexts>;

/** A value as it may stand in a text. */
export const oneLine = (value: string): string => value.toWellFormed().replace(BREAKS, ' ');

/** Throws when a value is missing; `label` tells which text it is. */
export function fill(text: string, values: Readonly<Record<string, string>>, label: string): string {
  const printed = Object.entries(values).map(([name, value]) => [name, oneLine(value)] as const);
  return fillPlaceholders(text, Object.fromEntries(printed), label);
}
