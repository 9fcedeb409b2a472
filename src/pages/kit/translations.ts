import { readFileSync } from 'node:fs';
import { LOCALES, type Locale } from '../../domain/values/locale.ts';
import { fillPlaceholders } from '../../lib/placeholders.ts';

/** The messages of one language by key. */
export type Messages = Readonly<Record<string, string>>;

/** A message with its `{placeholders}` filled in. Not escaped: the template does that. */
export type Translate = ((key: string, values?: Readonly<Record<string, string>>) => string) & {
  /** Whether a key exists: for keys made from outside values, such as a scope. */
  has(key: string): boolean;
};

const FOLDER = new URL('../../../views/messages/', import.meta.url);

/** The messages of every language, from `views/messages/<locale>.json`. */
export const readMessages = (): Record<Locale, Messages> =>
  Object.fromEntries(
    LOCALES.map((locale) => [locale, JSON.parse(readFileSync(new URL(`${locale}.json`, FOLDER), 'utf8'))]),
  ) as Record<Locale, Messages>;

/** One message in every language. Throws for a key that does not exist. */
export function messageIn(key: string): Record<Locale, string> {
  const messages = readMessages();
  return Object.fromEntries(LOCALES.map((locale) => [locale, translator(messages[locale])(key)])) as Record<
    Locale,
    string
  >;
}

/** Translates into one language. A key that does not exist throws: it is a mistake in a template. */
export function translator(messages: Messages): Translate {
  const has = (key: string): boolean => Object.hasOwn(messages, key);
  const t = (key: string, values: Readonly<Record<string, string>> = {}): string => {
    const message = messages[key];
    if (message === undefined || !has(key)) throw new Error(`no message ${key}`);
    return fillPlaceholders(message, values, key);
  };
  return Object.assign(t, { has });
}
