import ejs, { type TemplateFunction } from 'ejs';
import type { Config } from '../../config/config.ts';
import { ACCOUNT_CLIENT } from '../../domain/clients/built-in-clients.ts';
import { inLanguage, type Locale } from '../../domain/values/locale.ts';
import { readViews, type Views } from '../../domain/views/views.ts';
import type {
  ClientCard,
  ErrorData,
  FormError,
  PageContext,
  PageData,
  PageName,
} from '../page-data/page-data.ts';
import type { Assets } from './assets.ts';
import { birthYears, dayInField } from './birth-date.ts';
import { imageUri, initial, safeClient, webUri } from './client-card.ts';
import { consoleErrorText } from './console-titles.ts';
import { errorWords } from './error-words.ts';
import { formErrorText, yearsIn } from './form-error-text.ts';
import type { LogoPath } from './logos.ts';
import { TITLES } from './page-titles.ts';
import { readMessages, type Translate, translator } from './translations.ts';
import { wholeWords } from './whole-words.ts';

/**
 * The names that a template can use. `data` is the data of its page or partial. Every other name has the same value
 * throughout a page.
 */
const NAMES = [
  'data',
  'page',
  'title',
  't',
  'locale',
  'languages',
  'inLocale',
  'brand',
  'context',
  'asset',
  'partial',
  'initial',
  'wholeWords',
  'dayInField',
  'birthYears',
  'formErrors',
  'errorText',
  'body',
];

export interface PageRenderer {
  /** The languages that pages can be read in. */
  readonly locales: readonly Locale[];
  /** Renders a whole page as HTML. `data` may contain any typed text: the templates escape it. */
  render<Page extends PageName>(
    page: Page,
    locale: Locale,
    data: PageData[Page],
    context: PageContext,
  ): string;
}

/** Compiles `<path>.ejs` in strict mode: a name that is not in `NAMES` is an error, not an empty string. */
const template = (views: Views, path: string): TemplateFunction =>
  ejs.compile(views.read(`${path}.ejs`), {
    filename: `${path}.ejs`,
    strict: true,
    destructuredLocals: NAMES,
  });

/** All templates of a folder, by their path without the extension. */
const templates = (views: Views, folder: string): Map<string, TemplateFunction> =>
  new Map(views.names(folder, '.ejs').map((name) => [name, template(views, `${folder}/${name}`)]));

const required = (from: Map<string, TemplateFunction>, name: string): TemplateFunction => {
  const found = from.get(name);
  if (!found) throw new Error(`no template ${name}`);
  return found;
};

/** The client card. My account is named in the language of the page instead of in both languages. */
const named = (client: ClientCard, t: Translate): ClientCard =>
  client.id === ACCOUNT_CLIENT.id ? { ...client, name: t('account.overview.title') } : client;

/** The page's data with the addresses of its client made safe. The templates link to no other address of a client. */
const shown = <Data extends object>(
  data: Data & { client?: ClientCard | undefined },
  logoPath: LogoPath,
  { locale, t }: { locale: Locale; t: Translate },
): Data => (data.client ? { ...data, client: safeClient(named(data.client, t), logoPath, locale) } : data);

/** The name of a language in that language. */
const languageName = (locale: Locale): string =>
  new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? locale;

interface RendererDeps {
  pages: Config['pages'];
  assets: Assets;
  logoPath: LogoPath;
  /** Defaults to the built-in views. */
  views?: Views;
}

/** Compiles all templates and reads all messages now. Rendering reads no files. */
export function pageRenderer(deps: RendererDeps): PageRenderer {
  const { views = readViews() } = deps;
  const layout = template(views, 'layout');
  const pages = templates(views, 'pages');
  const partials = templates(views, 'partials');
  const translators = Object.fromEntries(
    Object.entries(readMessages(views)).map(([locale, messages]) => [locale, translator(messages)]),
  ) as Record<Locale, Translate>;
  const languages = views.locales.map((locale) => [locale, languageName(locale)] as const);
  const ownLogo = imageUri(deps.pages.logoUri);
  const logoUri = ownLogo && deps.logoPath(ownLogo);
  const supportUri = webUri(deps.pages.supportUri);

  return {
    locales: views.locales,
    render(page, locale, data, context) {
      const t = inLanguage(translators, locale);
      const view = shown(data, deps.logoPath, { locale, t });
      const common = {
        page,
        title: TITLES[page](view, t),
        t,
        locale,
        languages,
        inLocale: <T>(values: Readonly<Record<Locale, T>>) => inLanguage(values, locale),
        brand: {
          name: inLanguage(deps.pages.productName, locale),
          logoUri,
          supportUri,
          hasStyle: deps.assets.hasCustomStyle,
        },
        context,
        asset: deps.assets.url,
        formErrors: (found: readonly FormError[] = []) =>
          found.map((error, index) => ({
            id: `error-${index + 1}`,
            field: error.field,
            text: formErrorText(error, locale, t),
          })),
        errorText: (failure: ErrorData) =>
          page === 'console/error'
            ? consoleErrorText(failure, locale, t)
            : t(`${errorWords(failure, t)}.text`),
        initial,
        wholeWords,
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
