import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Text files of a folder, and of another one whose files replace those of the same path. */
export interface Overlay {
  /** The path of each file that replaces another, or is new; in alphabetical order. */
  readonly files: readonly string[];
  /** What is at a path. Throws where nothing is. */
  read(path: string): string;
  /** The same of the folder below only; undefined where it has nothing. */
  original(path: string): string | undefined;
  /** The same of the folder above only. */
  replacement(path: string): string | undefined;
  /** The paths of files below `folder` that end in `extension`, without both; each once. */
  names(folder: string, extension: string): string[];
}

/**
 * Paths use slashes on every system. What is hidden, such as the folders of a Kubernetes ConfigMap that its files are
 * links to, is no part.
 */
const under = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory())
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !path.split('/').some((name) => name.startsWith('.')))
    .sort();

/** Whether a file is really in the folder: a symbolic link may lead out of it. */
function isInside(root: string, path: string): boolean {
  try {
    return realpathSync(join(root, path)).startsWith(realpathSync(root) + sep);
  } catch {
    return false;
  }
}

/**
 * Reads the names of all files now, and no other path ever: one with `..` in it is none. Throws for a folder that
 * cannot be read, and for a symbolic link that leads out of it or to nothing.
 */
export function overlay(below: string, above?: string): Overlay {
  const files = above === undefined ? [] : under(above);
  const outside = files.find((path) => !isInside(above as string, path));
  if (outside !== undefined) throw new Error(`${outside}: a symbolic link must not lead out of the folder`);
  const originals = new Set(under(below));
  const replacements = new Set(files);
  const original = (path: string): string | undefined =>
    originals.has(path) ? readFileSync(join(below, path), 'utf8') : undefined;
  const replacement = (path: string): string | undefined =>
    replacements.has(path) ? readFileSync(join(above as string, path), 'utf8') : undefined;

  return {
    files,
    original,
    replacement,
    read(path) {
      const text = replacement(path) ?? original(path);
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
    names: (folder, extension) =>
      [...new Set([...originals, ...replacements])]
        .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(extension))
        .map((path) => path.slice(folder.length + 1, -extension.length))
        .sort(),
  };
}
