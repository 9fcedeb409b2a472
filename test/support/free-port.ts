import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const given = new Set<number>();

/** Whether nobody listens there. */
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
 * A port that nobody uses now, each once in a run. It is below those that systems give to connections and to servers
 * that ask for any port, so that none of them takes it before whoever asked for it listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}
