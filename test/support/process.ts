import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';
import { TEST_SECRET_KEY } from './config.ts';
import { testDatabase, testPlace } from './database.ts';
import { freePort } from './free-port.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_WITHIN_MS = 50_000;

export interface ServerProcess {
  url: string;
  child: ChildProcess;
  /** The output so far. */
  output(): string;
  /** Ends it with the signal and waits. Returns the exit code, or null when the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProcessOptions {
  /** The URL that clients use when several processes serve it. Defaults to the process's own URL. */
  issuer?: string;
  port?: number;
  env?: Record<string, string>;
  /** Options of Node.js, placed before the program. */
  nodeOptions?: readonly string[];
  /** The folder of its program. Defaults to the project. */
  root?: string;
  /** Its program, relative to `root`. Defaults to that of `npm start`. */
  main?: string;
  readyWithinMs?: number;
}

/** Starts a server in a process of its own, with the run's database and keys. It is ready to serve. */
export async function startProcess({
  issuer,
  port,
  env = {},
  nodeOptions = [],
  root = ROOT,
  main = 'src/main.js',
  readyWithinMs = READY_WITHIN_MS,
}: ProcessOptions = {}): Promise<ServerProcess> {
  const place = await testPlace();
  await testDatabase();
  const own = port ?? (await freePort());
  const url = `http://localhost:${own}`;
  const child = spawn(process.execPath, [...nodeOptions, join(root, main)], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      SECRET_KEY: TEST_SECRET_KEY,
      LOG_LEVEL: 'info',
      PORT: String(own),
      ISSUER: issuer ?? url,
      DATA_DIR: place.dataDir,
      ...(place.url ? { DATABASE_URL: place.url } : {}),
      ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (written += String(part)));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const server: ServerProcess = {
    url,
    child,
    output: () => written,
    async end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
  atEnd(async () => void (await server.end('SIGKILL')));

  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const ready = await fetch(`${url}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return server;
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`the server did not start:\n${written}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
