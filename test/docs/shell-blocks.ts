import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The `sh` blocks of a page, in order. */
export const shellBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

async function isComplete(text: string): Promise<boolean> {
  return run('bash', ['-n', '-c', text]).then(
    () => !/\\\n$/.test(text),
    () => false,
  );
}

/** The commands of a block. Lines of one command stay together, comments are left out. */
export async function commandsOf(block: string): Promise<string[]> {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    if (open === '' && (line.trim() === '' || line.startsWith('#'))) continue;
    open += `${line}\n`;
    if (!(await isComplete(open))) continue;
    commands.push(open.trim());
    open = '';
  }
  if (open !== '') throw new Error(`this command has no end: ${open}`);
  return commands;
}

/** The words of a simple command, unquoted as by a shell. */
export const wordsOf = (command: string): string[] =>
  [...command.replaceAll('\\\n', ' ').matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
  );

const isAssignment = (command: string): boolean =>
  /^[A-Z]+=/.test(command) && !/\s(curl|npm)\s/.test(command);

/** The placeholders of a page for values that the reader takes from an earlier response. */
const PLACEHOLDERS: readonly [string, RegExp][] = [
  ['AUTH_SESSION', /"auth_session":"([^"]+)"/],
  ['AUTHORIZATION_CODE', /"authorization_code":"([^"]+)"/],
  ['CLIENT_SECRET', /"client_secret":"([^"]+)"/],
  ['CLIENT_ID', /"client_id":"([^"]+)"/],
  ['REGISTRATION_TOKEN', /"registration_access_token":"([^"]+)"/],
  ['REGISTRATION_URI', /"registration_client_uri":"([^"]+)"/],
  ['ACCESS_TOKEN', /"access_token":"([^"]+)"/],
  ['TOKEN', /"token":"([^"]+)"/],
  ['CODE', /"channel":"sms".*?"text":"(\d+)/],
  ['IDENTIFIER', /identifier: (\w+)/],
  ['SECRET', /secret: (\w+)/],
  ['KEY', /"key":"([0-9a-f]+)"|key: ([\w-]+)/],
];

export interface Ran {
  command: string;
  status: number;
  body: string;
}

/**
 * Runs the commands of a block in bash, one after another, as a reader would. `url` replaces the URL of the page,
 * and values from earlier responses replace placeholders. `known` are values that the reader has from elsewhere.
 */
export async function runBlock(
  block: string,
  url: string,
  known: Record<string, string> = {},
): Promise<Ran[]> {
  const values: Record<string, string> = { ...known };
  let assignments = 'curl() { command curl -sS -w "\\n%{http_code}" "$@"; }\n';
  const ran: Ran[] = [];
  for (const command of await commandsOf(block.replaceAll('http://localhost:3000', url))) {
    const filled = command.replace(
      /\b((?:INITIAL|REGISTRATION|ACCESS)_TOKEN|REGISTRATION_URI|CLIENT_ID|CLIENT_SECRET|AUTH_SESSION|AUTHORIZATION_CODE|TOKEN|CODE|IDENTIFIER|SECRET|(?<!-)KEY)\b(?!:)/g,
      (name) => {
        // a name without a value stays
        return values[name] ?? name;
      },
    );
    if (isAssignment(filled)) {
      assignments += `${filled}\n`;
      continue;
    }
    const { stdout } = await run('bash', ['-c', assignments + filled]);
    const at = stdout.lastIndexOf('\n');
    const body = stdout.slice(0, at);
    for (const [name, pattern] of PLACEHOLDERS) {
      const match = pattern.exec(body);
      if (match) values[name] = match[1] ?? match[2] ?? '';
    }
    ran.push({ command, status: Number(stdout.slice(at + 1)), body });
  }
  return ran;
}
