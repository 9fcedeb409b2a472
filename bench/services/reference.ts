import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { APP, type BenchClients, MACHINE } from '../clients.ts';
import { PERSON } from '../person.ts';
import type { Target } from '../target.ts';

const SERVER = fileURLToPath(new URL('../reference/server.ts', import.meta.url));
const READY_WITHIN_MS = 20_000;
const SECRET = 'bench-secret-that-nobody-else-has';

/** Starts plain oidc-provider with in-memory storage. */
export async function startReference(): Promise<Target> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const clients: BenchClients = {
    app: { client_id: APP.client_id, client_secret: SECRET },
    machine: { client_id: MACHINE.client_id, client_secret: SECRET },
  };
  const child = spawn(process.execPath, [SERVER, JSON.stringify({ port, clients })], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };

  const started = performance.now();
  while (performance.now() - started < READY_WITHIN_MS && child.exitCode === null) {
    const ready = await fetch(`${url}/oauth/jwks`).catch(() => undefined);
    if (ready?.ok) return { name: 'reference', url, pid: child.pid as number, clients, person: PERSON, stop };
    await new Promise((resume) => setTimeout(resume, 20));
  }
  await stop();
  throw new Error('the reference server did not start');
}
