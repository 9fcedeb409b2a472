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
 * The worker of the embedded PostgreSQL. It has a thread of its own because PGlite computes on the thread that
 * calls it and would starve the server's timers.
 */
const { place, fresh } = workerData as { place: EmbeddedPlace; fresh: boolean };
const { dataDir, socket, lock, transport } = place;
const isPipe = lock.startsWith('\\\\');

/**
 * Takes the folder for this process. Binding a Unix socket or a pipe is atomic and ends with the process, SIGKILL
 * included, which no lock file does. Throws when another process has it.
 */
async function takeFolder(): Promise<void> {
  if (await isAlive(lock)) throw new Error('another process uses this data folder');
  if (!isPipe) await rm(lock, { force: true });
  const guard = createServer((peer) => peer.destroy());
  guard.listen(lock);
  await once(guard, 'listening');
  // a pipe leaves no file behind: the process that binds it has it
  if (isPipe) return;
  const { ino } = await stat(lock);
  // two processes may have removed the same stale file: only the one whose socket is still there goes on
  await new Promise((resume) => setTimeout(resume, 20));
  if ((await stat(lock)).ino !== ino) throw new Error('another process uses this data folder');
}

/** Resolves once it listens. Throws when it cannot. */
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
 * Listens at the port of before. If another program has that now, a first process takes a free one. One that takes over
 * does not, because processes are connected to the port that they know.
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
  // its one session serves every pool, so of the lasting plans it has the part that hurts no list
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
