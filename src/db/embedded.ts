import { mkdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { AppError } from '../errors/app-error.ts';
import {
  type Access,
  accessOf,
  type EmbeddedPlace,
  embeddedPlace,
  type Transport,
  usualTransport,
} from './embedded-access.ts';
import { isAlive } from './socket-alive.ts';

/** PostgreSQL for a single machine: PGlite in a worker thread, accessed like a server. */
export interface Embedded {
  /** The options to connect: a Unix socket, or a port of this machine and a password. */
  access: Access;
  close(): Promise<void>;
}

/**
 * The interval at which other processes check whether the process that serves the folder has ended, to take over from
 * it.
 */
const LOOK_MS = 500;

/** Returns how to connect to another process that serves the folder (for a command while a server is running). */
async function served(place: EmbeddedPlace): Promise<Access | undefined> {
  const access = await accessOf(place);
  if (!access) return undefined;
  const client = new pg.Client({ ...access, connectionTimeoutMillis: 1000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return access;
  } catch {
    return undefined;
  }
}

/** Starts the worker. `fresh`: no other process is connected to an earlier server. */
async function startWorker(place: EmbeddedPlace, fresh: boolean): Promise<Embedded> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: { place, fresh },
  });
  await new Promise<void>((ready, failed) => {
    worker.once('message', (message: { ready: boolean; problem?: string }) =>
      message.ready ? ready() : failed(new Error(message.problem)),
    );
    worker.once('error', failed);
  });
  const access = await accessOf(place);
  if (!access) throw new Error('the port of the embedded database was not kept');
  return {
    access,
    async close() {
      const ended = new Promise((resume) => worker.once('exit', resume));
      worker.postMessage('close');
      await ended;
    },
  };
}

/** Uses the server of another process, and serves the folder itself once that process has ended. */
function besideAnother(place: EmbeddedPlace, access: Access): Embedded {
  let own: Embedded | undefined;
  let looking: Promise<void> | undefined;
  async function look(): Promise<void> {
    if (own || (await isAlive(place.lock))) return;
    // fails if a third process was first
    own = await startWorker(place, false).catch(() => undefined);
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, LOOK_MS);
  timer.unref();
  return {
    access,
    async close() {
      clearInterval(timer);
      await looking;
      await own?.close();
    },
  };
}

/**
 * Opens the embedded PostgreSQL of a data folder. If another process already serves it, that server is used: PGlite
 * allows one process per folder, so a command or a second server shares the first. Throws `UNAVAILABLE` when the folder
 * is locked by a process that does not respond.
 */
export async function openEmbedded(
  dataDir: string,
  transport: Transport = usualTransport(),
): Promise<Embedded> {
  const place = embeddedPlace(dataDir, transport);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await mkdir(place.directory, { recursive: true, mode: 0o700 });
  const other = await served(place);
  if (other) return besideAnother(place, other);
  try {
    return await startWorker(place, true);
  } catch (error) {
    const first = await served(place);
    if (first) return besideAnother(place, first);
    throw new AppError('UNAVAILABLE', { retryAfter: 1, cause: error });
  }
}
