export const LOCALES = ['th', 'en'] as const;

export type Locale = (typeof LOCALES)[number];

const FALLBACK: Locale = 'th';

export interface LanguageWishes {
  /** OpenID Connect Core §3.1.2.1: tags separated by spaces, the best liked first. */
  uiLocales?: string | undefined;
  /** What the person chose with the language switch. */
  cookie?: string | undefined;
  /** RFC 9110 §12.5.4. */
  acceptLanguage?: string | undefined;
}

/** True for a locale that the pages are written in: what `?lang=` and the cookie may say. */
export const isLocale = (value: unknown): value is Locale => LOCALES.some((locale) => locale === value);

/** The locale of a tag such as `th-TH` (RFC 5646: letters in any case), or none. */
const localeOf = (tag: string): Locale | undefined => {
  const language = tag.split('-', 1)[0]?.toLowerCase();
  return isLocale(language) ? language : undefined;
};

const firstLocale = (tags: readonly string[]): Locale | undefined =>
  tags.map(localeOf).find((locale) => locale !== undefined);

/** The locale that a client asks for with `ui_locales`, if it asks for one of ours. */
export const clientLocale = (uiLocales = ''): Locale | undefined => firstLocale(uiLocales.split(' '));

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
export function chooseLocale({ uiLocales, cookie, acceptLanguage = '' }: LanguageWishes): Locale {
  return (
    clientLocale(uiLocales) ??
    (isLocale(cookie) ? cookie : undefined) ??
    firstLocale(acceptedTags(acceptLanguage)) ??
    FALLBACK
  );
}
