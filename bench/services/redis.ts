import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';

const READY_WITHIN_MS = 10_000;

export interface Redis {
  url: string;
  pid: number;
  /** Suspends the process: connections stay open without a response. */
  freeze(): void;
  /** Resumes it. */
  thaw(): void;
  /** Ends it immediately and loses its data. `startRedis` with its port starts an empty one. */
  stop(): Promise<void>;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => socket.destroy() && resolve(true))
      .once('error', () => resolve(false));
  });

/** Starts an in-memory Redis on a free port (or a given one) of the loopback interface. */
export async function startRedis(port?: number): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-redis-'));
  const at = port ?? (await freePort());
  const args = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(at),
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };

  const started = performance.now();
  while (performance.now() - started < READY_WITHIN_MS && child.exitCode === null) {
    if (await answers(at))
      return {
        url: `redis://127.0.0.1:${at}`,
        pid: child.pid as number,
        freeze: () => void child.kill('SIGSTOP'),
        thaw: () => void child.kill('SIGCONT'),
        stop,
      };
    await new Promise((resume) => setTimeout(resume, 20));
  }
  await stop();
  throw new Error('Redis did not start');
}
