import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/bin/run.ts';
import { TEST_SECRET_KEY } from './config.ts';
import { testDatabase, testPlace } from './database.ts';

export const PRATU = fileURLToPath(new URL('../../src/bin/pratu.ts', import.meta.url));

/** The time after which a command that runs until it is stopped is interrupted. */
const INTERRUPTED_AFTER_MS = 2500;

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env?: Record<string, string>;
  stdin?: string;
}

/** The environment of a command that uses the database and the keys of the run, as servers of `startProcess` do. */
export async function environment(more: Record<string, string>): Promise<Record<string, string | undefined>> {
  const place = await testPlace();
  await testDatabase();
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    SECRET_KEY: TEST_SECRET_KEY,
    DATA_DIR: place.dataDir,
    DATABASE_URL: place.url,
    REDIS_URL: process.env.REDIS_URL,
    DATABASE_POOLER: process.env.DATABASE_POOLER,
    ...more,
  };
}

/** Runs the command in a process of its own, as an operator does. */
export async function runCommand(
  args: readonly string[],
  { env = {}, stdin = '' }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [PRATU, ...args], { env: await environment(env) });
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/**
 * Runs the command in this process, where a separate process would add nothing. `answers` are the person's replies
 * to its questions; without them, the command has no terminal.
 */
export async function command(
  args: readonly string[],
  { env = {}, stdin = '', answers }: CommandOptions & { answers?: string[] } = {},
): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const waiting = [...(answers ?? [])];
  const terminal = {
    out(words: string) {
      stdout += words;
    },
    err(words: string) {
      stderr += words;
    },
    interactive: answers !== undefined,
    async ask(question: string) {
      stderr += question;
      return waiting.shift() ?? '';
    },
    readInput: async () => stdin,
    async *streamInput() {
      yield Buffer.from(stdin);
    },
    async stream(words: string) {
      stdout += words;
    },
    interruption: () => AbortSignal.timeout(INTERRUPTED_AFTER_MS),
  };
  const code = await run(args, { terminal, env: await environment(env) });
  return { code, stdout, stderr };
}

/** Runs the command in this process with `--json` and returns its parsed output. Throws when the command fails. */
export async function commandJson<T = Record<string, unknown>>(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<T> {
  const { code, stdout, stderr } = await command([...args, '--json'], options);
  if (code !== 0) throw new Error(`pratu ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
