import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ejs, { type TemplateFunction } from 'ejs';
import type { Config } from '../../config/config.ts';
import type { Locale } from '../../domain/values/locale.ts';
import { CATALOGUE } from '../../errors/catalogue.ts';
import type {
  ClientCard,
  ErrorData,
  FormCode,
  FormError,
  PageContext,
  PageData,
  PageName,
} from '../page-data/page-data.ts';
import type { Assets } from './assets.ts';
import { birthYears, dayInField, yearIn } from './birth-date.ts';
import { imageUri, initial, safeClient, webUri } from './client-card.ts';
import type { LogoPath } from './logos.ts';
import { errorWords, TITLES } from './page-titles.ts';
import { readMessages, type Translate, translator } from './translations.ts';

const VIEWS = new URL('../../../views/', import.meta.url);

/** The names a template sees. `data` is what its page or partial was given; every other is the same throughout. */
const NAMES = [
  'data',
  'page',
  'title',
  't',
  'locale',
  'brand',
  'context',
  'asset',
  'partial',
  'initial',
  'dayInField',
  'birthYears',
  'formErrors',
  'errorText',
  'body',
];

export interface PageRenderer {
  /** A whole page as HTML. `data` may hold anything people typed: templates escape it. */
  render<Page extends PageName>(
    page: Page,
    locale: Locale,
    data: PageData[Page],
    context: PageContext,
  ): string;
}

/** Compiles `views/<path>.ejs`. Strict: a name that is not in `NAMES` is an error, not an empty string. */
function template(path: string): TemplateFunction {
  const file = new URL(`${path}.ejs`, VIEWS);
  return ejs.compile(readFileSync(file, 'utf8'), {
    filename: fileURLToPath(file),
    strict: true,
    destructuredLocals: NAMES,
  });
}

/** Every template under `views/<folder>/`, by its path without the extension. */
const templates = (folder: string): Map<string, TemplateFunction> =>
  new Map(
    readdirSync(new URL(`${folder}/`, VIEWS), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ejs'))
      .map((file) => file.slice(0, -'.ejs'.length))
      .map((name) => [name, template(`${folder}/${name}`)]),
  );

const required = (from: Map<string, TemplateFunction>, name: string): TemplateFunction => {
  const found = from.get(name);
  if (!found) throw new Error(`no template ${name}`);
  return found;
};

/** The page's data with the addresses of its client made safe; the templates link to nothing else of a client. */
const shown = <Data extends object>(
  data: Data & { client?: ClientCard | undefined },
  logoPath: LogoPath,
): Data => (data.client ? { ...data, client: safeClient(data.client, logoPath) } : data);

/** What a form error says where the catalogue has no words for it, or others. */
const FORM_WORDS: Readonly<Record<FormCode, string>> = {
  LOGIN_MISSING: 'login.login_missing',
  EMAIL_MISSING: 'new_password.email_missing',
  CODE_MISSING: 'reset_password.code_missing',
  PASSWORD_MISSING: 'login.password_missing',
  PASSWORD_CHECK_MISSING: 'new_password.password_check_missing',
  PASSWORDS_DIFFER: 'new_password.passwords_differ',
  NEW_PASSWORD_MISSING: 'choose_password.missing',
  EMAIL_UNCHANGED: 'account.email.unchanged',
  MOBILE_MISSING: 'mobile.missing',
  MOBILE_UNCHANGED: 'account.mobile.unchanged',
  SMS_CODE_MISSING: 'code.missing',
  CODE_TRY_AGAIN: 'code.try_again',
  LAST_NAME_MISSING: 'register.last_name_missing',
  TITLE_MISSING: 'register.title_missing',
  BIRTH_DATE_MISSING: 'register.birth_date_missing',
  BIRTH_YEAR_WRONG: 'birth_date.year_wrong',
  NATIONAL_ID_MISSING: 'register.national_id_missing',
  NATIONAL_ID_OR_NONE: 'register.national_id_or_none',
  MOBILE_OR_EMAIL_WRONG: 'mobile.or_email_wrong',
  TERMS_NOT_ACCEPTED: 'register.terms_missing',
  FIRST_NAME_MISSING: 'register.first_name_missing',
  CONFIRMATION_WRONG: 'account.delete.confirmation_wrong',
};

const isFormCode = (code: FormError['code']): code is FormCode => Object.hasOwn(FORM_WORDS, code);

/** How long to wait, in the largest unit that is not less than one. */
function waitText(seconds: number, t: Translate): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 90) return t('form.wait_hours', { hours: String(Math.ceil(minutes / 60)) });
  if (minutes > 1) return t('form.wait_minutes', { minutes: String(minutes) });
  return t('form.wait_seconds', { seconds: String(seconds) });
}

/** Years as a sentence of the language names them. */
const yearsIn = ({ first, last }: Record<'first' | 'last', number>, locale: Locale) => ({
  first: String(yearIn(first, locale)),
  last: String(yearIn(last, locale)),
});

function formErrorText(
  { code, retryAfter, triesLeft, years }: FormError,
  locale: Locale,
  t: Translate,
): string {
  if (retryAfter !== undefined) return waitText(retryAfter, t);
  if (triesLeft === 1) return t('code.last_try');
  if (triesLeft !== undefined) return t('code.tries_left', { tries: String(triesLeft) });
  if (isFormCode(code) && years) return t(FORM_WORDS[code], yearsIn(years, locale));
  return isFormCode(code) ? t(FORM_WORDS[code]) : CATALOGUE[code][locale];
}

interface RendererDeps {
  pages: Config['pages'];
  assets: Assets;
  logoPath: LogoPath;
}

/** Compiles every template and reads all words now; rendering touches no file. */
export function pageRenderer(deps: RendererDeps): PageRenderer {
  const layout = template('layout');
  const pages = templates('pages');
  const partials = templates('partials');
  const messages = readMessages();
  const t = { th: translator(messages.th), en: translator(messages.en) };
  const ownLogo = imageUri(deps.pages.logoUri);
  const logoUri = ownLogo && deps.logoPath(ownLogo);
  const supportUri = webUri(deps.pages.supportUri);

  return {
    render(page, locale, data, context) {
      const view = shown(data, deps.logoPath);
      const common = {
        page,
        title: TITLES[page](view, t[locale]),
        t: t[locale],
        locale,
        brand: { name: deps.pages.productName[locale], logoUri, supportUri },
        context,
        asset: deps.assets.url,
        formErrors: (found: readonly FormError[] = []) =>
          found.map((error, index) => ({
            id: `error-${index + 1}`,
            field: error.field,
            text: formErrorText(error, locale, t[locale]),
          })),
        errorText: (failure: ErrorData) => t[locale](`${errorWords(failure, t[locale])}.text`),
        initial,
        dayInField: (typed: string) => dayInField(typed, locale),
        birthYears: (today: string) => yearsIn(birthYears(today), locale),
      };
      const partial = (name: string, given: object): string =>
        required(partials, name)({ ...common, partial, data: given });
      const body = required(pages, page)({ ...common, partial, data: view });
      return layout({ ...common, partial, data: view, body });
    },
  };
}
