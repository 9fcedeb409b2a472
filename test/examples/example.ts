import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../support/at-end.ts';
import { endVisits } from '../support/chromium.ts';
import { environment } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { missingTools } from '../support/tools.ts';
import { type Program, runScript, startScript } from './program.ts';
import { readmeCommands } from './readme-commands.ts';
import { report } from './report.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** The time that the server may need to start on a machine that other runs load. */
const START_MS = 240_000;
/** Files that exist where an example was tried in the project. A copy starts without them. */
const MADE = new Set([
  'node_modules',
  '.next',
  '.venv',
  '__pycache__',
  'target',
  'vendor',
  'dist',
  'db.sqlite3',
]);

export interface RunningExample extends Program {
  /** The URL of the app: `http://localhost:<port>`. */
  url: string;
  /** The URL of Pratu. */
  issuer: string;
  /** The folder with `examples/<name>`, a copy. */
  workspace: string;
  /** Replaces SECRET by the secret that the registration printed, and KEY by the mobile key. */
  fillIn(command: string): string;
}

let server: Promise<ServerProcess> | undefined;

/** The development server that all examples of a run share, with the demonstration accounts. */
export function developmentServer(): Promise<ServerProcess> {
  server ??= startProcess({ env: { NODE_ENV: 'development' }, readyWithinMs: START_MS });
  return server;
}

async function copyOf(name: string): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'pratu-example-'));
  atEnd(() => rm(workspace, { recursive: true, force: true }));
  await cp(join(PROJECT, 'examples', name), join(workspace, 'examples', name), {
    recursive: true,
    filter: (path) => !MADE.has(basename(path)),
  });
  return workspace;
}

const isRegistration = (command: string): boolean => command.startsWith('npm run pratu');

const readme = (name: string): Promise<string> =>
  readFile(join(PROJECT, 'examples', name, 'README.md'), 'utf8');

/** The placeholders of a README for values that the registration prints. */
const PRINTED = { SECRET: 'client_secret', KEY: 'mobile_key' } as const;

/** Runs registrations. Returns a function that replaces SECRET and KEY by the printed values. */
async function register(registrations: string[], issuer: string): Promise<(command: string) => string> {
  const operator = await environment({ NODE_ENV: 'development', PORT: new URL(issuer).port, ISSUER: issuer });
  let printed = '';
  for (const command of registrations) printed += await runScript(command, PROJECT, operator);
  return (command) =>
    command.replace(/\b(SECRET|KEY)\b/g, (placeholder) => {
      const member = PRINTED[placeholder as keyof typeof PRINTED];
      const [, value] = new RegExp(`^${member}:?\\s+(\\S+)$`, 'm').exec(printed) ?? [];
      if (!value) throw new Error(`no ${member} was printed:\n${printed}`);
      return value;
    });
}

/** Runs the registration in the README of an example without an app. */
export async function registerExample(name: string): Promise<void> {
  const { url: issuer } = await developmentServer();
  await register((await readmeCommands(await readme(name), { issuer })).filter(isRegistration), issuer);
}

/**
 * Follows the README of `examples/<name>` word for word, except for the URLs. The commands of its `sh` blocks that
 * begin with `npm run pratu` run in the project, the others in a copy of the example.
 *
 * The last command is the app; with `blocks`, only so many blocks are read. SECRET and KEY stand for the values that
 * the registration printed. The app gets `ISSUER` and `PORT`.
 */
export async function startExample(
  name: string,
  env: Record<string, string> = {},
  { blocks }: { blocks?: number } = {},
): Promise<RunningExample> {
  const [{ url: issuer }, workspace, port] = await Promise.all([
    developmentServer(),
    copyOf(name),
    freePort(),
  ]);
  const url = `http://localhost:${port}`;
  const commands = await readmeCommands(await readme(name), { issuer, url, blocks });
  const fillIn = await register(commands.filter(isRegistration), issuer);
  const others = commands.filter((command) => !isRegistration(command)).map(fillIn);
  const app = others.pop();
  if (!app) throw new Error(`the README of ${name} starts nothing`);
  for (const command of others) await runScript(command, workspace, {});
  const program = startScript(app, workspace, { ISSUER: issuer, PORT: String(port), ...env });
  atEnd(program.end);
  return { ...program, url, issuer, workspace, fillIn };
}

export interface ExampleOptions {
  /** Programs that the machine must have. The example is skipped without one of them. */
  tools?: readonly string[];
  /** The example downloads and compiles for minutes, so it runs only where `EXAMPLES_SLOW` is set. */
  slow?: boolean;
}

/** The tests of `examples/<name>`. They are pending, with the reason, where they cannot run. The result is reported. */
export function describeExample(
  name: string,
  { tools = [], slow = false }: ExampleOptions,
  tests: () => void,
): void {
  const missing = missingTools(['npm', ...tools]);
  const reason =
    slow && !process.env.EXAMPLES_SLOW
      ? 'skipped: it compiles for minutes, see EXAMPLES_SLOW'
      : missing.length > 0 && `skipped: this machine has no ${missing.join(', ')}`;
  describe(`examples/${name}`, () => {
    if (reason) {
      report(name, reason);
      it(reason);
      return;
    }
    let started = 0;
    let passed = 0;
    let failed = 0;
    before(async function () {
      this.timeout(START_MS);
      await developmentServer();
      started = performance.now();
    });
    report(name, 'failed');
    tests();
    afterEach(async function () {
      if (this.currentTest?.state === 'passed') passed += 1;
      else failed += 1;
      await endVisits();
    });
    after(() => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      if (passed > 0 && failed === 0) report(name, `passed in ${seconds} s`);
    });
  });
}
