import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The start of Linux's ephemeral port range. */
const EPHEMERAL = 32_768;
const given = new Set<number>();

/** Whether no process listens on the port. */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const free = await once(probe.listen(port, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  );
  if (free) {
    probe.close();
    await once(probe, 'close');
  }
  return free;
}

/**
 * Returns a free port, and each port only once in a run. It is below the ephemeral port range, so that no connection
 * or other server takes it before the caller listens on it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, EPHEMERAL);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

/**
 * Returns a free port for which the port at `distance` above it is also free and reserved. A node of a Redis Cluster
 * listens on both.
 */
export async function freePortWith(distance: number): Promise<number> {
  for (;;) {
    const port = await freePort();
    const other = port + distance;
    if (other >= EPHEMERAL || given.has(other)) continue;
    given.add(other);
    if (await isFree(other)) return port;
  }
}
