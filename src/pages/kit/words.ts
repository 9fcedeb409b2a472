import { readFileSync } from 'node:fs';
import { LOCALES, type Locale } from '../../domain/values/locale.ts';

/** The sentences of one language by key. */
export type Words = Readonly<Record<string, string>>;

/** A sentence with its `{placeholders}` filled in. Not escaped: the template does that. */
export type Say = ((key: string, values?: Readonly<Record<string, string>>) => string) & {
  /** Whether a key exists: for words that come from outside, such as a scope. */
  knows(key: string): boolean;
};

const FOLDER = new URL('../../../views/words/', import.meta.url);

/** The words of every language, from `views/words/<locale>.json`. */
export const readWords = (): Record<Locale, Words> =>
  Object.fromEntries(
    LOCALES.map((locale) => [locale, JSON.parse(readFileSync(new URL(`${locale}.json`, FOLDER), 'utf8'))]),
  ) as Record<Locale, Words>;

/** Speaks one language. A key that does not exist throws: it is a mistake in a template. */
export function speaker(words: Words): Say {
  const knows = (key: string): boolean => Object.hasOwn(words, key);
  const say = (key: string, values: Readonly<Record<string, string>> = {}): string => {
    const sentence = words[key];
    if (sentence === undefined || !knows(key)) throw new Error(`no words for ${key}`);
    return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${key} needs {${name}}`);
      return value;
    });
  };
  return Object.assign(say, { knows });
}
