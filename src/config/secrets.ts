import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/** The keys of `SECRET_KEY`: base64, newest first, separated by commas. Throws with what is wrong. */
export function parseSecretKeys(text: string): Uint8Array[] {
  return text.split(',').map((part, index) => {
    const key = Buffer.from(part.trim(), 'base64');
    if (key.length !== KEY_BYTES) {
      throw new Error(`SECRET_KEY: key ${index + 1} is not ${KEY_BYTES} bytes in base64`);
    }
    return key;
  });
}

/** Development's key: made at the first start and kept in the data folder, readable by its owner only. */
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
