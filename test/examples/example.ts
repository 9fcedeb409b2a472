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
/** Made by those who try an example in the project: a copy begins without. */
const MADE = new Set(['node_modules', '.next', '.venv', '__pycache__', 'target', 'vendor', 'dist']);

export interface RunningExample extends Program {
  /** `http://localhost:<port>`: where the app is served. */
  url: string;
  /** The address of Pratu. */
  issuer: string;
  /** The folder that has `examples/<name>`, a copy. */
  workspace: string;
  /** What the registration printed. */
  registered: string;
}

let server: Promise<ServerProcess> | undefined;

/** The development server that all examples of a run share, with the demonstration accounts. */
export function developmentServer(): Promise<ServerProcess> {
  server ??= startProcess({ env: { NODE_ENV: 'development' } });
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

/**
 * Does what the README of `examples/<name>` says, word for word except for the two addresses: runs the commands in its
 * `sh` blocks that begin with `npm run pratu` in the project, the others beside a copy of the example. The last one is
 * the app. SECRET stands for the secret that the registration printed. The app gets `ISSUER` and `PORT`.
 */
export async function startExample(name: string, env: Record<string, string> = {}): Promise<RunningExample> {
  const [{ url: issuer }, workspace, port] = await Promise.all([
    developmentServer(),
    copyOf(name),
    freePort(),
  ]);
  const url = `http://localhost:${port}`;
  const readme = await readFile(join(workspace, 'examples', name, 'README.md'), 'utf8');
  const commands = await readmeCommands(readme, { issuer, url });
  const app = commands.pop() ?? '';
  let registered = '';
  const withSecret = (command: string) =>
    command.replace(/\bSECRET\b/, () => {
      const [, secret] = /^client_secret:?\s+(\S+)$/m.exec(registered) ?? [];
      if (!secret) throw new Error(`no secret was printed:\n${registered}`);
      return secret;
    });
  const operator = await environment({ NODE_ENV: 'development', PORT: new URL(issuer).port, ISSUER: issuer });
  for (const command of commands) {
    if (command.startsWith('npm run pratu')) registered += await runScript(command, PROJECT, operator);
    else await runScript(withSecret(command), workspace, {});
  }
  const program = startScript(withSecret(app), workspace, { ISSUER: issuer, PORT: String(port), ...env });
  atEnd(program.end);
  return { ...program, url, issuer, workspace, registered };
}

export interface ExampleOptions {
  /** Programs that the machine must have; the example is skipped without one. */
  tools?: readonly string[];
}

/** The tests of `examples/<name>`; pending, with the reason, where a tool is missing. Its result is reported. */
export function describeExample(name: string, { tools = [] }: ExampleOptions, tests: () => void): void {
  const missing = missingTools(['npm', ...tools]);
  describe(`examples/${name}`, () => {
    if (missing.length > 0) {
      const reason = `skipped: this machine has no ${missing.join(', ')}`;
      report(name, reason);
      it(reason);
      return;
    }
    before(async function () {
      this.timeout(120_000);
      await developmentServer();
    });
    const started = performance.now();
    let failed = false;
    report(name, 'did not run');
    tests();
    afterEach(async function () {
      failed ||= this.currentTest?.state !== 'passed';
      await endVisits();
    });
    after(() => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      report(name, failed ? 'failed' : `passed in ${seconds} s`);
    });
  });
}
