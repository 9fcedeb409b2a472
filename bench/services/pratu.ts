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
/**
 * The output of `npm run build` for the current source. It is in a folder of this process, because others may build
 * too.
 */
const builtMain = lazy(async () => {
  await mkdir(BUNDLES, { recursive: true });
  const folder = await mkdtemp(join(BUNDLES, 'bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bundleInto(folder);
  return join(folder, 'main.js');
});
/** The Node.js options of `npm start`, which are also those of the image. */
const FLAGS = (PACKAGE as { scripts: { start: string } }).scripts.start.match(/--\S+/g) ?? [];
/** A start takes two seconds, or many times as long on a shared machine. */
const READY_WITHIN_MS = 180_000;
const POLL_MS = 5;

export interface PratuProcess {
  url: string;
  /** The time from the start of the process to the first successful response of `/ready`. */
  startMs: number;
  pid: number;
  /** Resolves when the process has ended for any reason. */
  exited: Promise<unknown>;
  /**
   * Sends the signal and waits for the end. Resolves to the exit code, or null if the signal killed it. The folder
   * remains.
   */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Stops the process gracefully, and removes its folder. */
  stop(): Promise<void>;
}

export interface PratuOptions {
  /** Starts `src/main.js` like `npm start`. Defaults to the bundle, as in the image. */
  fromSource?: boolean;
  /** Defaults to the embedded database. */
  databaseUrl?: string;
  redisUrl?: string;
  /** The common URL of several processes. Defaults to the process's own address. */
  issuer?: string;
  /** The folder for several starts on one database. Defaults to a temporary folder. */
  dataDir?: string;
  /** Additional environment variables, including `SECRET_KEY` when processes share a database. */
  env?: Record<string, string>;
  /** YAML settings over `config/`, for limits that a load from one address would reach. */
  settings?: string;
  /** Defaults to a free port. A process that is started again keeps its address. */
  port?: number;
  /** A file descriptor for the output, which is discarded by default. */
  output?: number;
}

/** Starts the server with the demonstration data, on a free port and in a temporary folder. */
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

  // the pause is the maximum error of the measured time
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
