/**
 * The languages with complete translations. `pages.folder` adds others, which fall back to English for missing texts.
 */
export const LOCALES = ['th', 'en'] as const;

/** A language by its lower-case ISO 639 code. A record keyed by locale always has the entries of `LOCALES`. */
export type Locale = (typeof LOCALES)[number] | (string & Record<never, never>);

type Locales = readonly Locale[];

const FALLBACK: Locale = 'th';

/** The value of a record for a language, with English as the fallback. */
export const inLanguage = <T>(values: Readonly<Record<Locale, T>>, locale: Locale): T =>
  (isLanguageTag(locale) ? values[locale] : undefined) ?? values.en;

/**
 * The results of `write` for any language: for complete languages immediately, for others on access. The part of the
 * server that formats times has no list of the page languages.
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

/** The language tag for formatting dates and numbers. Complete languages use their usual country. */
export const regionalTag = (locale: Locale): string => {
  if (locale === 'th') return 'th-TH';
  return locale === 'en' ? 'en-GB' : locale;
};

/** Whether a text has the form of a language code (ISO 639). */
export const isLanguageTag = (text: string): boolean => /^[a-z]{2,3}$/.test(text);

export interface LanguageWishes {
  /** OpenID Connect Core §3.1.2.1: tags separated by spaces, in order of preference. */
  uiLocales?: string | undefined;
  /** The person's choice with the language switch. */
  cookie?: string | undefined;
  /** RFC 9110 §12.5.4. */
  acceptLanguage?: string | undefined;
}

/** Whether a value is a language of the pages, which `?lang=` and the cookie may name. */
export const isLocale = (value: unknown, locales: Locales = LOCALES): value is Locale =>
  locales.some((locale) => locale === value);

/** The locale of a tag such as `th-TH` (RFC 5646: letters in any case); undefined if it is not supported. */
const localeOf = (tag: string, locales: Locales): Locale | undefined => {
  const language = tag.split('-', 1)[0]?.toLowerCase();
  return isLocale(language, locales) ? language : undefined;
};

const firstLocale = (tags: readonly string[], locales: Locales): Locale | undefined =>
  tags.map((tag) => localeOf(tag, locales)).find((locale) => locale !== undefined);

/** The first supported locale in a client's `ui_locales`; undefined if there is none. */
export const clientLocale = (uiLocales = '', locales: Locales = LOCALES): Locale | undefined =>
  firstLocale(uiLocales.split(' '), locales);

/** The tags of an `Accept-Language` header in order of preference, without those whose weight is 0 or invalid. */
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

/** The language of a page: the client's request, then the person's choice, then the browser's preference, then Thai. */
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
