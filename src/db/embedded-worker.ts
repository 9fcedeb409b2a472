import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { embeddedServer } from './embedded-server.ts';
import { LASTING_PLANS, PINNED, statementsOf } from './session-settings.ts';
import { isAlive } from './socket-alive.ts';

/**
 * The worker of the embedded PostgreSQL. It has a thread of its own because PGlite computes on the thread that
 * calls it and would starve the server's timers.
 */
const { dataDir, socket, lock } = workerData as { dataDir: string; socket: string; lock: string };

/**
 * Takes the folder for this process. Binding a Unix socket is atomic and ends with the process, SIGKILL included,
 * which no lock file does. Throws when another process has it.
 */
async function takeFolder(): Promise<void> {
  if (await isAlive(lock)) throw new Error('another process uses this data folder');
  await rm(lock, { force: true });
  const guard = createServer((peer) => peer.destroy());
  guard.listen(lock);
  await once(guard, 'listening');
  const { ino } = await stat(lock);
  // two processes may have removed the same stale file: only the one whose socket is still there goes on
  await new Promise((resume) => setTimeout(resume, 20));
  if ((await stat(lock)).ino !== ino) throw new Error('another process uses this data folder');
}

async function serve(): Promise<void> {
  await takeFolder();
  const db = await PGlite.create(dataDir);
  // its one session serves every pool, so of the lasting plans it has the part that hurts no list
  await db.exec(statementsOf({ ...PINNED, enable_seqscan: LASTING_PLANS.enable_seqscan }));
  await rm(socket, { force: true });
  const server = embeddedServer(db).listen(socket);
  await once(server, 'listening');
  parentPort?.once('message', async () => {
    server.close();
    await db.close();
    await rm(lock, { force: true });
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
