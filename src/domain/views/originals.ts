import { sha256 } from '../../lib/sha256.ts';
import { flattened, type Texts } from './texts.ts';
import type { Views } from './views.ts';

/** A file in `pages.folder` with the hash of the original that each file and text was made from. */
export const MANIFEST = 'originals.json';

export type Manifest = Readonly<Record<string, string>>;

export interface Replaced {
  /** `pages/sign-in/login.ejs`, or with a key for a text: `messages/en.json#login.title`. */
  name: string;
  /** `unrecorded`: the original that it was made from is not recorded. `gone`: the original no longer exists. */
  state: 'same' | 'changed' | 'unrecorded' | 'gone';
}

const hashOf = (text: string): string => sha256(text).toString('hex').slice(0, 16);

/** The original texts of a file in the folder: those of its language, or English for an additional language. */
const originalTexts = (views: Views, path: string): ReadonlyMap<string, readonly unknown[]> => {
  const english = path.replace(/\w+\.json$/, 'en.json');
  const text = views.original(path) ?? views.original(english) ?? '{}';
  return flattened(JSON.parse(text) as Texts);
};

/** The hash of each original that the folder replaces; undefined if there is no original. */
export function originalsOf(views: Views): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const path of views.files) {
    if (path === MANIFEST) continue;
    const original = views.original(path);
    if (!path.endsWith('.json')) {
      // the style sheet and additional partials of the folder replace no original
      if (original !== undefined || path.startsWith('pages/')) found.set(path, original && hashOf(original));
      continue;
    }
    const own = originalTexts(views, path);
    for (const key of flattened(JSON.parse(views.replacement(path) ?? '{}') as Texts).keys()) {
      const wordings = own.get(key);
      if (!key.startsWith('catalogue.'))
        found.set(`${path}#${key}`, wordings && hashOf(JSON.stringify(wordings)));
    }
  }
  return found;
}

/** Throws for a file that is not JSON. */
export const readManifest = (views: Views): Manifest =>
  JSON.parse(views.replacement(MANIFEST) ?? '{}') as Manifest;

/** The files and texts that the folder replaces, and whether their originals have changed since they were recorded. */
export function replacedIn(views: Views): Replaced[] {
  const manifest = readManifest(views);
  return [...originalsOf(views)].map(([name, hash]) => {
    if (hash === undefined) return { name, state: 'gone' };
    const recorded = manifest[name];
    if (recorded === undefined) return { name, state: 'unrecorded' };
    return { name, state: recorded === hash ? 'same' : 'changed' };
  });
}
