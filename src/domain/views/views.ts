import { fileURLToPath } from 'node:url';
import { type Overlay, overlay } from '../../lib/overlay.ts';
import { isLanguageTag, LOCALES, type Locale } from '../values/locale.ts';
import { merged, type Texts } from './texts.ts';

/** What pages and messages are written from: `views/`, and the files of `pages.folder` in place of its own. */
export interface Views extends Overlay {
  /** Those of the folder come after our own. */
  readonly locales: readonly Locale[];
  /** The texts of a language: English stands for what it lacks. `folder`: of `views/`. */
  texts(folder: TextFolder, locale: Locale): Texts;
}

/** Folders of texts, each with one JSON file for a language. */
export const TEXT_FOLDERS = ['messages', 'mails'] as const;
export type TextFolder = (typeof TEXT_FOLDERS)[number];

/** In `pages.folder`: comes after our own on every page. */
export const STYLE_SHEET = 'assets/custom.css';

const OWN = fileURLToPath(new URL('../../../views/', import.meta.url));

/** Throws for a folder that cannot be read, for links that lead out of it, and for JSON that is broken. */
export function readViews(folder?: string): Views {
  const files = overlay(OWN, folder);
  const parsed = (text: string | undefined): Texts => (text === undefined ? {} : JSON.parse(text));
  const added = TEXT_FOLDERS.flatMap((texts) => files.names(texts, '.json')).filter(isLanguageTag);
  return {
    ...files,
    locales: [...new Set([...LOCALES, ...added])],
    texts(texts, locale) {
      const path = `${texts}/${locale}.json`;
      const own = files.original(path);
      const english = `${texts}/en.json`;
      const below =
        own === undefined
          ? merged(parsed(files.original(english)), parsed(files.replacement(english)))
          : parsed(own);
      return merged(below, parsed(files.replacement(path)));
    },
  };
}
