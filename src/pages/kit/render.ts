import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ejs, { type TemplateFunction } from 'ejs';
import type { Config } from '../../config/config.ts';
import { ACCOUNT_CLIENT } from '../../domain/clients/built-in-clients.ts';
import type { Locale } from '../../domain/values/locale.ts';
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
  'wholeWords',
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

/** Our own pages under the name that they call themselves, in one language instead of both. */
const named = (client: ClientCard, t: Translate): ClientCard =>
  client.id === ACCOUNT_CLIENT.id ? { ...client, name: t('account.overview.title') } : client;

/** The page's data with the addresses of its client made safe; the templates link to nothing else of a client. */
const shown = <Data extends object>(
  data: Data & { client?: ClientCard | undefined },
  logoPath: LogoPath,
  { locale, t }: { locale: Locale; t: Translate },
): Data => (data.client ? { ...data, client: safeClient(named(data.client, t), logoPath, locale) } : data);

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
      const view = shown(data, deps.logoPath, { locale, t: t[locale] });
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
        errorText: (failure: ErrorData) =>
          page === 'console/error'
            ? consoleErrorText(failure, locale, t[locale])
            : t[locale](`${errorWords(failure, t[locale])}.text`),
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
