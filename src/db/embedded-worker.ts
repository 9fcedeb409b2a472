import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { type EmbeddedPlace, keepLoopback, loopbackOf } from './embedded-access.ts';
import { embeddedServer } from './embedded-server.ts';
import { LASTING_PLANS, PINNED, statementsOf } from './session-settings.ts';
import { isAlive } from './socket-alive.ts';

/**
 * The worker of the embedded PostgreSQL. It has a thread of its own because PGlite runs on the thread that calls it and
 * would block the server's timers.
 */
const { place, fresh } = workerData as { place: EmbeddedPlace; fresh: boolean };
const { dataDir, socket, lock, transport } = place;
const isPipe = lock.startsWith('\\\\');

/**
 * Locks the folder for this process. Binding a Unix socket or a pipe is atomic and, unlike a lock file, ends with the
 * process, even after SIGKILL. Throws when another process has the folder.
 */
async function takeFolder(): Promise<void> {
  if (await isAlive(lock)) throw new Error('another process uses this data folder');
  if (!isPipe) await rm(lock, { force: true });
  const guard = createServer((peer) => peer.destroy());
  guard.listen(lock);
  await once(guard, 'listening');
  // a pipe leaves no file behind: the process that has bound it has the folder
  if (isPipe) return;
  const { ino } = await stat(lock);
  // two processes may have removed the same stale file: only the one whose socket still exists continues
  await new Promise((resume) => setTimeout(resume, 20));
  if ((await stat(lock)).ino !== ino) throw new Error('another process uses this data folder');
}

/** Resolves once the server listens. Rejects when it cannot. */
async function listening(server: Server, where: string | number): Promise<Server> {
  if (typeof where === 'string') server.listen(where);
  else server.listen({ port: where, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  return server;
}

async function onSocket(db: PGlite): Promise<Server> {
  await rm(socket, { force: true });
  return listening(embeddedServer(db), socket);
}

/**
 * Listens on the previous port. If another program uses that port now, a first process chooses a free one. A process
 * that takes over does not, because other processes use the previous port.
 */
async function onLoopback(db: PGlite): Promise<Server> {
  const { port: before, password } = await loopbackOf(dataDir);
  const server = await listening(embeddedServer(db, password), before).catch(
    (error: NodeJS.ErrnoException) => {
      if (!fresh || before === 0) throw error;
      return listening(embeddedServer(db, password), 0);
    },
  );
  const { port } = server.address() as AddressInfo;
  await keepLoopback(dataDir, { port, password });
  return server;
}

async function serve(): Promise<void> {
  await takeFolder();
  const db = await PGlite.create(join(dataDir, 'postgres'));
  // its only session serves every pool, so it uses only the part of the lasting plans that does not affect lists
  await db.exec(statementsOf({ ...PINNED, enable_seqscan: LASTING_PLANS.enable_seqscan }));
  const server = await (transport === 'socket' ? onSocket(db) : onLoopback(db));
  parentPort?.once('message', async () => {
    server.close();
    await db.close();
    if (!isPipe) await rm(lock, { force: true });
    process.exit();
  });
}

try {
  await serve();
  parentPort?.postMessage({ ready: true });
} catch (error) {
  parentPort?.postMessage({ ready: false, problem: (error as Error).message });
  process.exit();
}
