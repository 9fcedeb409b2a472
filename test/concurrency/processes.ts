import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { type FreshServer, freshServer } from './fresh-server.ts';

/** The interval at which a process checks for changes of other processes, short enough for tests. */
const SETTINGS = 'jobs:\n  invalidationMs: 200\n';

/** Two server processes that serve one issuer, and a server in this process that changes data behind them. */
export interface Processes {
  issuer: string;
  a: string;
  b: string;
  server: FreshServer;
  end(): Promise<void>;
}

/** Starts them with further settings, as YAML, and variables of the environment. */
export async function twoProcesses(more = '', variables: Record<string, string> = {}): Promise<Processes> {
  const server = await freshServer();
  const directory = await mkdtemp(join(tmpdir(), 'pratu-processes-'));
  const settings = join(directory, 'settings.yaml');
  await writeFile(settings, SETTINGS + more);
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const env = { CONFIG_FILE: settings, ...variables };
  const started: ServerProcess[] = await Promise.all([
    startProcess({ issuer, port, env }),
    startProcess({ issuer, env }),
  ]);
  const [a, b] = started.map(({ url }) => url) as [string, string];
  return {
    issuer,
    a,
    b,
    server,
    async end() {
      for (const each of started) await each.end();
      await server.leave();
      await rm(directory, { recursive: true });
    },
  };
}

/** Runs the same request `count` times concurrently, alternating between the two processes. */
export const atBoth = <T>(
  { a, b }: Pick<Processes, 'a' | 'b'>,
  count: number,
  send: (url: string, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index % 2 === 0 ? a : b, index)));
