import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The text files of a folder, and of another folder whose files replace those of the same path. */
export interface Overlay {
  /** The paths of the files that replace another or are new, in alphabetical order. */
  readonly files: readonly string[];
  /** Reads the file at a path. Throws if there is none. */
  read(path: string): string;
  /** Reads from the lower folder only; undefined if there is no file. */
  original(path: string): string | undefined;
  /** Reads from the upper folder only; undefined if there is no file. */
  replacement(path: string): string | undefined;
  /** The distinct paths of the files in `folder` that end in `extension`, without folder and extension. */
  names(folder: string, extension: string): string[];
}

/**
 * The files in a folder, with slashes in paths on every system. Hidden files and folders are skipped, such as those
 * that the files of a Kubernetes ConfigMap link to.
 */
const under = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory())
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !path.split('/').some((name) => name.startsWith('.')))
    .sort();

/** Whether a file is inside the folder: a symbolic link may lead outside. */
function isInside(root: string, path: string): boolean {
  try {
    return realpathSync(join(root, path)).startsWith(realpathSync(root) + sep);
  } catch {
    return false;
  }
}

/**
 * Reads the names of all files now and never reads another path, such as one with `..`. Throws for a folder that cannot
 * be read, and for a symbolic link that leads outside of it or to no file.
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
