import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = (process.env.PATH ?? '').split(delimiter);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Those of the programs (`mvn`, `go`) that no folder of the path has. */
export const missingTools = (names: readonly string[]): string[] =>
  names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
