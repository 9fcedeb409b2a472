import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PACKAGE from '../../package.json' with { type: 'json' };
import { bundleInto } from '../../scripts/bundle/bundle.ts';
import { lazy } from '../../src/lib/lazy.ts';
import { freePort } from '../../test/support/free-port.ts';

const SOURCE = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../tmp/', import.meta.url));
/** What `npm run build` makes, of the source as it is now. In a folder of this process: others may build meanwhile. */
const builtMain = lazy(async () => {
  await mkdir(BUNDLES, { recursive: true });
  const folder = await mkdtemp(join(BUNDLES, 'bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bundleInto(folder);
  return join(folder, 'main.js');
});
/** The options of Node.js in `npm start`, which are those of the image. */
const FLAGS = (PACKAGE as { scripts: { start: string } }).scripts.start.match(/--\S+/g) ?? [];
/** A start takes two seconds; on a machine that others use, many times as long. */
const READY_WITHIN_MS = 180_000;
const POLL_MS = 5;

export interface PratuProcess {
  url: string;
  /** From the start of the process to the first yes of `/ready`. */
  startMs: number;
  pid: number;
  /** Resolves when the process has ended, however. */
  exited: Promise<unknown>;
  /** Ends it with the signal and waits; its exit code, null when the signal killed it. Its folder stays. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it in order, and removes its folder. */
  stop(): Promise<void>;
}

export interface PratuOptions {
  /** Starts `src/main.js` as `npm start` does; the bundle, as the image has it, unless told. */
  fromSource?: boolean;
  /** The embedded database unless told. */
  databaseUrl?: string;
  redisUrl?: string;
  /** The URL of every process when there are several; its own port unless told. */
  issuer?: string;
  /** Of several starts on one database; a folder of its own, which goes with it, unless told. */
  dataDir?: string;
  /** Further variables of the environment, `SECRET_KEY` where processes share a database. */
  env?: Record<string, string>;
  /** YAML over `config/`: the limits that a load from one address runs into. */
  settings?: string;
  /** Any free one unless told: a process that is started again keeps its address. */
  port?: number;
  /** A file descriptor for what it writes; thrown away unless told. */
  output?: number;
}

/** Starts the server with the demonstration data, on a free port and in a folder of its own. */
export async function startPratu(options: PratuOptions = {}): Promise<PratuProcess> {
  const { databaseUrl, redisUrl, issuer, dataDir, env = {}, settings = '', output } = options;
  const folder = await mkdtemp(join(tmpdir(), 'pratu-bench-'));
  const config = join(folder, 'settings.yaml');
  await writeFile(config, settings);
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const main = options.fromSource ? SOURCE : await builtMain();
  const started = performance.now();
  const child = spawn(process.execPath, [...FLAGS, main], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: dataDir ?? join(folder, 'data'),
      CONFIG_FILE: config,
      LOG_LEVEL: 'warn',
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...(issuer ? { ISSUER: issuer } : {}),
      ...env,
    },
    stdio: ['ignore', output ?? 'ignore', output ?? 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  const stop = async (): Promise<void> => {
    await end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };

  // the pause is what the figure may be too large by
  while (performance.now() - started < READY_WITHIN_MS && child.exitCode === null) {
    const ready = await fetch(`${url}/ready`).catch(() => undefined);
    if (ready?.ok) {
      const startMs = Math.round(performance.now() - started);
      return { url, startMs, pid: child.pid as number, exited, end, stop };
    }
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
  await stop();
  throw new Error('the server did not start');
}
