import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { type OwnedProcess, ownFolder, startOwned } from './owned-process.ts';

/** A PgBouncer in transaction mode. */
export interface Pooler {
  port: number;
  /** Ends it immediately, with all of its connections. */
  kill(): Promise<void>;
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a PgBouncer in front of the PostgreSQL at `port`, with the settings of docs/production.md. */
export async function startPooler(postgresPort: number, log: string): Promise<Pooler> {
  const folder = await ownFolder('pgbouncer');
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${postgresPort} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 20',
    'query_wait_timeout = 5',
    'server_login_retry = 1',
  ];
  await writeFile(file, lines.join('\n'));
  let child: OwnedProcess | undefined;
  const again = async (): Promise<void> => {
    child ??= await startOwned('pgbouncer', ['-q', file], log);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    await running?.end('SIGKILL');
  };
  await again();
  return {
    port,
    kill,
    again,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
