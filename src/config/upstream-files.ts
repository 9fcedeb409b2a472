import { readFile } from 'node:fs/promises';
import { UPSTREAM_SECRETS } from './upstream.ts';

type Entry = Record<string, unknown>;

const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null;

/**
 * Returns the entries of the setting `upstream`, and the problems of files. The contents of `clientSecretFile` and
 * `privateKeyFile` replace the secret, as container runtimes mount it. A problem does not contain the file name, which
 * may be the secret itself.
 */
export async function withUpstreamFiles(
  entries: unknown,
): Promise<{ entries: unknown; problems: readonly string[] }> {
  if (!Array.isArray(entries)) return { entries, problems: [] };
  const problems: string[] = [];

  async function read(entry: Entry, index: number): Promise<Entry> {
    const found = { ...entry };
    for (const member of UPSTREAM_SECRETS) {
      const { [`${member}File`]: file, ...rest } = found;
      if (file === undefined) continue;
      const name = `upstream.${index}.${member}`;
      delete found[`${member}File`];
      if (member in rest) problems.push(`${name}, ${name}File: both are set; set only one of them`);
      try {
        found[member] = (await readFile(String(file), 'utf8')).trimEnd();
      } catch (error) {
        problems.push(`${name}File: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
      }
    }
    return found;
  }

  const all = entries.map((entry, index) => (isEntry(entry) ? read(entry, index) : entry));
  return { entries: await Promise.all(all), problems };
}
