/** The languages that are complete. `pages.folder` adds others, in which English stands for what is missing. */
export const LOCALES = ['th', 'en'] as const;

/** A language by its ISO 639 code in lower case. A record by locale always has those of `LOCALES`. */
export type Locale = (typeof LOCALES)[number] | (string & Record<never, never>);

type Locales = readonly Locale[];

const FALLBACK: Locale = 'th';

/** What a record has for a language: English where it has nothing. */
export const inLanguage = <T>(values: Readonly<Record<Locale, T>>, locale: Locale): T =>
  (isLanguageTag(locale) ? values[locale] : undefined) ?? values.en;

/**
 * What `write` says in any language: of the complete ones at once, of others when it is read. A time is written by a
 * part of the server that does not know the languages of the pages.
 */
export const inEveryLanguage = <T>(write: (locale: Locale) => T): Record<Locale, T> => {
  const known = Object.fromEntries(LOCALES.map((locale) => [locale, write(locale)])) as Record<Locale, T>;
  return new Proxy(known, {
    get: (values, name) =>
      typeof name === 'string' && !(name in values) && isLanguageTag(name)
        ? write(name)
        : Reflect.get(values, name),
  });
};

/** The tag by which days and numbers are written: the usual country of our own languages. */
export const regionalTag = (locale: Locale): string => {
  if (locale === 'th') return 'th-TH';
  return locale === 'en' ? 'en-GB' : locale;
};

/** Whether a text can be the code of a language (ISO 639). */
export const isLanguageTag = (text: string): boolean => /^[a-z]{2,3}$/.test(text);

export interface LanguageWishes {
  /** OpenID Connect Core §3.1.2.1: tags separated by spaces, the best liked first. */
  uiLocales?: string | undefined;
  /** What the person chose with the language switch. */
  cookie?: string | undefined;
  /** RFC 9110 §12.5.4. */
  acceptLanguage?: string | undefined;
}

/** True for one of the languages that the pages are written in: what `?lang=` and the cookie may say. */
export const isLocale = (value: unknown, locales: Locales = LOCALES): value is Locale =>
  locales.some((locale) => locale === value);

/** The locale of a tag such as `th-TH` (RFC 5646: letters in any case), or none. */
const localeOf = (tag: string, locales: Locales): Locale | undefined => {
  const language = tag.split('-', 1)[0]?.toLowerCase();
  return isLocale(language, locales) ? language : undefined;
};

const firstLocale = (tags: readonly string[], locales: Locales): Locale | undefined =>
  tags.map((tag) => localeOf(tag, locales)).find((locale) => locale !== undefined);

/** The locale that a client asks for with `ui_locales`, if it asks for one of ours. */
export const clientLocale = (uiLocales = '', locales: Locales = LOCALES): Locale | undefined =>
  firstLocale(uiLocales.split(' '), locales);

/** The tags of an `Accept-Language` header, best liked first; those of weight 0 or a broken weight are left out. */
function acceptedTags(header: string): string[] {
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? '1';
      return { tag, weight: /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}

/** The language of a page: what the client asks for, then the person's choice, then the browser's, then Thai. */
export function chooseLocale(
  { uiLocales, cookie, acceptLanguage = '' }: LanguageWishes,
  locales: Locales = LOCALES,
): Locale {
  return (
    clientLocale(uiLocales, locales) ??
    (isLocale(cookie, locales) ? cookie : undefined) ??
    firstLocale(acceptedTags(acceptLanguage), locales) ??
    FALLBACK
  );
}
