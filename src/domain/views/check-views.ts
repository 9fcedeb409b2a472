import ejs from 'ejs';
import { CATALOGUE } from '../../errors/catalogue.ts';
import { isLanguageTag } from '../values/locale.ts';
import { MANIFEST } from './originals.ts';
import { checkTexts, flattened, type Texts } from './texts.ts';
import { STYLE_SHEET, TEXT_FOLDERS, type TextFolder, type Views } from './views.ts';

export interface CheckedViews {
  /** The errors that prevent the server from starting, each with its file. */
  problems: string[];
  /** Files and texts that are not used, such as a text that a newer version has removed. */
  unused: string[];
}

type Checked = Partial<CheckedViews>;

/** Other files of a repository that contains the folder. */
const IS_ASIDE = /^(README\.md|LICENSE)$/;

const languageOf = (path: string): { folder: TextFolder; locale: string } | undefined => {
  const [, folder, locale = ''] = /^(\w+)\/(\w+)\.json$/.exec(path) ?? [];
  const known = TEXT_FOLDERS.find((one) => one === folder);
  return known && isLanguageTag(locale) ? { folder: known, locale } : undefined;
};

const firstLine = (error: unknown): string => {
  // EJS puts an excerpt of the template before the error
  const lines = (error as Error).message.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /unexpected|missing|could not|invalid/i.test(line)) ?? lines[0] ?? '').trim();
};

function checkLanguage(views: Views, path: string, folder: TextFolder): Checked {
  let texts: Texts;
  try {
    texts = JSON.parse(views.replacement(path) ?? '');
    if (typeof texts !== 'object' || texts === null || Array.isArray(texts)) throw new Error('no object');
  } catch {
    return { problems: [`${path}: must be a JSON object`] };
  }
  const own = ['th', 'en'].map((locale) =>
    flattened(JSON.parse(views.original(`${folder}/${locale}.json`) ?? '{}') as Texts),
  );
  const { problems, unknown } = checkTexts(texts, (key) => {
    const code = folder === 'messages' ? key.replace(/^catalogue\./, '') : '';
    // English and Thai error texts are in the catalogue; those of other languages are among the messages
    if (code !== key && Object.hasOwn(CATALOGUE, code)) return [['']];
    return own.flatMap((all) => all.get(key) ?? []).map((wording) => [wording]);
  });
  return {
    problems: problems.map((problem) => `${path}: ${problem}`),
    unused: unknown.map((key) => `${path}: ${key}`),
  };
}

function checkTemplate(views: Views, path: string): Checked {
  // pages of the folder may use additional partials
  const isKnown = views.original(path) !== undefined || path.startsWith('partials/');
  try {
    ejs.compile(views.read(path), { strict: true });
    return isKnown ? {} : { unused: [path] };
  } catch (error) {
    return { problems: [`${path}: ${firstLine(error)}`] };
  }
}

function checkFile(views: Views, path: string): Checked {
  const language = languageOf(path);
  if (language) return checkLanguage(views, path, language.folder);
  if (path.endsWith('.ejs')) return checkTemplate(views, path);
  return path === STYLE_SHEET || path === MANIFEST || IS_ASIDE.test(path) ? {} : { unused: [path] };
}

/** Checks each file of `pages.folder` against the original that it replaces. */
export function checkViews(views: Views): CheckedViews {
  const checked = views.files.map((path) => checkFile(views, path));
  return {
    problems: checked.flatMap(({ problems = [] }) => problems),
    unused: checked.flatMap(({ unused = [] }) => unused),
  };
}
