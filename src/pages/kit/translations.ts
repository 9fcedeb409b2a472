import type { Locale } from '../../domain/values/locale.ts';
import { readViews, type Views } from '../../domain/views/views.ts';
import { fillPlaceholders } from '../../lib/placeholders.ts';

/** The messages of one language by key. */
export type Messages = Readonly<Record<string, string>>;

/** A message with its `{placeholders}` filled in. It is not escaped: the template does that. */
export type Translate = ((key: string, values?: Readonly<Record<string, string>>) => string) & {
  /** Whether a key exists. For keys that are built from external values, such as a scope. */
  has(key: string): boolean;
};

/** The messages of every language. */
export const readMessages = (views: Views = readViews()): Record<Locale, Messages> =>
  Object.fromEntries(
    views.locales.map((locale) => [locale, views.texts('messages', locale)]),
  ) as unknown as Record<Locale, Messages>;

/** One message in every language. Throws for a key that does not exist. */
export const messageIn = (key: string, views?: Views): Record<Locale, string> =>
  Object.fromEntries(
    Object.entries(readMessages(views)).map(([locale, messages]) => [locale, translator(messages)(key)]),
  ) as Record<Locale, string>;

/** Translates into one language. Throws for a key that does not exist, which is an error in a template. */
export function translator(messages: Messages): Translate {
  const has = (key: string): boolean => Object.hasOwn(messages, key);
  const t = (key: string, values: Readonly<Record<string, string>> = {}): string => {
    const message = messages[key];
    if (message === undefined || !has(key)) throw new Error(`no message ${key}`);
    return fillPlaceholders(message, values, key);
  };
  return Object.assign(t, { has });
}
