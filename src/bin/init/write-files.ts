import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../kit/failure.ts';
import type { NewFile } from './deployment.ts';

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Throws when one of the files exists, including as a link. A deployment is never overwritten. */
async function refuseExisting(folder: string, names: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const name of names) if (await exists(join(folder, name))) there.push(name);
  if (there.length === 0) return;
  throw new CommandError(
    `${there.join(', ')} already exist(s) in ${folder}. Nothing was written. Choose an empty folder.`,
  );
}

/** Writes new files into a folder, which is created if needed. Throws when a file exists. */
export async function writeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await refuseExisting(
      folder,
      files.map(({ name }) => name),
    );
    // `wx` fails for a file created in the meantime, and does not follow links
    for (const { name, text, mode } of files) await writeFile(join(folder, name), text, { flag: 'wx', mode });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot write to ${folder} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
