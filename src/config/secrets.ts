import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
/** The output of `openssl rand -base64 32`. Buffer would ignore characters that are not base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Parses `SECRET_KEY`: keys in base64, newest first, separated by commas. Throws an error that describes the problem.
 */
export function parseSecretKeys(text: string): Uint8Array[] {
  const parts = text.split(',').map((part) => part.trim());
  if (new Set(parts).size < parts.length) throw new Error('SECRET_KEY: contains a duplicate key');
  return parts.map((part, index) => {
    if (!KEY.test(part)) throw new Error(`SECRET_KEY: key ${index + 1} is not ${KEY_BYTES} bytes in base64`);
    return Buffer.from(part, 'base64');
  });
}

/**
 * Returns the development key, which is generated at the first start. It is stored in the data folder, readable by its
 * owner only.
 */
export async function developmentKey(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret-key');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, randomBytes(KEY_BYTES).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(file, 'utf8');
}
