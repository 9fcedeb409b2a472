import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { AppError } from '../errors/app-error.ts';
import { isAlive } from './socket-alive.ts';

/** PostgreSQL for one machine: PGlite in a worker thread, spoken to on a Unix socket like a server. */
export interface Embedded {
  /** The folder of the socket: `host` for pg. */
  directory: string;
  close(): Promise<void>;
}

const SOCKET = '.s.PGSQL.5432';
const LOCK = `${SOCKET}.lock`;
/** How soon a folder whose process has gone is served by another one that uses it. */
const LOOK_MS = 500;
/** Unix socket paths end at 107 bytes on Linux and 103 on macOS; a longer data folder gets a short stand-in. */
const LONGEST = 100;

function socketDirectory(dataDir: string): string {
  if (join(dataDir, SOCKET).length <= LONGEST) return dataDir;
  return join(tmpdir(), `pratu-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
}

/** Whether a server of another process answers on the folder's socket (the command beside a running server). */
async function answers(directory: string): Promise<boolean> {
  const client = new pg.Client({
    host: directory,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 1000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function startWorker(dataDir: string, directory: string): Promise<Embedded> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: {
      dataDir: join(dataDir, 'postgres'),
      socket: join(directory, SOCKET),
      lock: join(directory, LOCK),
    },
  });
  await new Promise<void>((ready, failed) => {
    worker.once('message', (message: { ready: boolean; problem?: string }) =>
      message.ready ? ready() : failed(new Error(message.problem)),
    );
    worker.once('error', failed);
  });
  return {
    directory,
    async close() {
      const ended = new Promise((resume) => worker.once('exit', resume));
      worker.postMessage('close');
      await ended;
    },
  };
}

/** Uses what another process serves, and serves the folder itself once that one has gone. */
function besideAnother(dataDir: string, directory: string): Embedded {
  let own: Embedded | undefined;
  let looking: Promise<void> | undefined;
  async function look(): Promise<void> {
    if (own || (await isAlive(join(directory, LOCK)))) return;
    // refused when a third process was first
    own = await startWorker(dataDir, directory).catch(() => undefined);
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, LOOK_MS);
  timer.unref();
  return {
    directory,
    async close() {
      clearInterval(timer);
      await looking;
      await own?.close();
    },
  };
}

/**
 * The embedded PostgreSQL of a data folder. When a process serves it already, its socket is used: PGlite allows
 * one process a folder, so a command or a second server that runs beside the first shares it. Throws `UNAVAILABLE` when
 * the folder is locked by a process that does not respond.
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  const directory = socketDirectory(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (await answers(directory)) return besideAnother(dataDir, directory);
  try {
    return await startWorker(dataDir, directory);
  } catch (error) {
    if (await answers(directory)) return besideAnother(dataDir, directory);
    throw new AppError('UNAVAILABLE', { retryAfter: 1, cause: error });
  }
}
