import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Files that belong to other projects or are not published: see `.gitignore`. */
const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  'data',
  'dist',
  'tmp',
  'results',
  // created by the examples
  '.next',
  '.venv',
  '__pycache__',
  'target',
  'vendor',
]);

export interface TreeFile {
  /** The path from the root of the project: `src/main.ts`. */
  path: string;
  text: string;
}

function pathsUnder(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (LEFT_OUT.has(entry.name)) return [];
    if (entry.isDirectory()) return pathsUnder(`${path}/`);
    return entry.isFile() ? [path] : [];
  });
}

/** The files in some folders (`src/`) that end in one of `endings`. Defaults to all files of the project. */
export const filesUnder = (
  folders: readonly string[] = [''],
  endings: readonly string[] = [''],
): TreeFile[] =>
  folders
    .flatMap(pathsUnder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
