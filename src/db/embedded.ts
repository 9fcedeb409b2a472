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

/** PostgreSQL for one machine: PGlite in a worker thread, spoken to like a server. */
export interface Embedded {
  /** How it is reached: a Unix socket, or a port of this machine and a password. */
  access: Access;
  close(): Promise<void>;
}

/** How soon a folder whose process has gone is served by another one that uses it. */
const LOOK_MS = 500;

/** How a server of another process is reached that serves the folder (the command beside a running server). */
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

/** `fresh`: no other process is connected to a server that was here before. */
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

/** Uses what another process serves, and serves the folder itself once that one has gone. */
function besideAnother(place: EmbeddedPlace, access: Access): Embedded {
  let own: Embedded | undefined;
  let looking: Promise<void> | undefined;
  async function look(): Promise<void> {
    if (own || (await isAlive(place.lock))) return;
    // refused when a third process was first
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
 * The embedded PostgreSQL of a data folder. When a process serves it already, that server is used: PGlite allows
 * one process a folder, so a command or a second server that runs beside the first shares it. Throws `UNAVAILABLE` when
 * the folder is locked by a process that does not respond.
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
