import { fileURLToPath } from 'node:url';
import { type Overlay, overlay } from '../../lib/overlay.ts';
import { isLanguageTag, LOCALES, type Locale } from '../values/locale.ts';
import { merged, type Texts } from './texts.ts';

/** The sources of pages and messages: `views/`, with files replaced by those of `pages.folder`. */
export interface Views extends Overlay {
  /** The languages, with those added by the folder last. */
  readonly locales: readonly Locale[];
  /** The texts of a language, with English for missing ones. `folder` is a folder in `views/`. */
  texts(folder: TextFolder, locale: Locale): Texts;
}

/** The folders of texts, each with one JSON file for each language. */
export const TEXT_FOLDERS = ['messages', 'mails'] as const;
export type TextFolder = (typeof TEXT_FOLDERS)[number];

/** A file in `pages.folder` that every page loads after the original style sheet. */
export const STYLE_SHEET = 'assets/custom.css';

const OWN = fileURLToPath(new URL('../../../views/', import.meta.url));

/** Throws for a folder that cannot be read, for links that lead outside of it, and for invalid JSON. */
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
