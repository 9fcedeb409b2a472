import { readFile } from 'node:fs/promises';
import type { Variables } from './environment.ts';

/** Variables that are secrets, or URLs that may contain one. */
export const SECRET_VARIABLES = [
  'SECRET_KEY',
  'DATABASE_URL',
  'DATABASE_READ_URL',
  'REDIS_URL',
  'SMTP_URL',
  'SMS_URL',
  'METRICS_TOKEN',
  'FACEBOOK_APP_SECRET',
  'FACEBOOK_GRAPH_URL',
  'FIREBASE_SIGNER_KEY',
  'BOTS_SECRET',
  'ISSUER',
] as const;

/**
 * Reads the single line of a file, or returns its problem. The problem does not contain the file name, which may be the
 * secret itself by mistake.
 */
async function readLine(file: string): Promise<{ text: string } | { problem: string }> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/[\r\n]+$/, '');
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  if (text === '') return { problem: 'the file is empty' };
  return /[\r\n]/.test(text) ? { problem: 'the file has more than one line' } : { text };
}

/**
 * Returns the variables, with the contents of a file for each `…_FILE` variable, such as `DATABASE_URL_FILE` for
 * `DATABASE_URL`. A secret that a container runtime mounts then need not be in the environment. Line breaks at the end
 * of a file are ignored.
 */
export async function withFiles(
  variables: Variables,
): Promise<{ variables: Variables; problems: readonly string[] }> {
  const found: Variables = { ...variables };
  const problems: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const file = variables[`${name}_FILE`];
    if (!file) continue;
    if (variables[name]) {
      problems.push(`${name}, ${name}_FILE: both are set; set only one of them`);
      continue;
    }
    const line = await readLine(file);
    if ('text' in line) found[name] = line.text;
    else problems.push(`${name}_FILE: ${line.problem}`);
  }
  return { variables: found, problems };
}
