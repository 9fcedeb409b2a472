import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { atEnd } from './at-end.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** The folder with the programs of the newest PostgreSQL server that Debian has installed; undefined without one. */
function serverFolder(): string | undefined {
  const all = '/usr/lib/postgresql';
  const versions = existsSync(all) ? readdirSync(all).sort((a, b) => Number(a) - Number(b)) : [];
  return versions
    .map((version) => join(all, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')));
}

const BIN = serverFolder();
const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString());
/** PostgreSQL and PgBouncer do not run as root. */
const OWNER = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;

/** The server is optional on a developer's machine. */
export const hasPostgresServer = BIN !== undefined && process.platform === 'linux';
/** The path on Debian, which is in the `PATH` of root only. */
const PGBOUNCER = existsSync('/usr/sbin/pgbouncer') ? '/usr/sbin/pgbouncer' : 'pgbouncer';
export const hasPgBouncer = hasPostgresServer && spawnSync(PGBOUNCER, ['--version']).status === 0;

export interface PostgresServer {
  port: number;
  /** The folder of its Unix socket. */
  folder: string;
  /** Runs one statement as the superuser, on a separate connection. */
  sql(text: string): Promise<Record<string, unknown>[]>;
  /** Stops the server and its sessions until `thaw`: it does not respond, and its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Ends the server as if the machine were lost. */
  kill(): Promise<void>;
}

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-postgres-'));
  if (OWNER) await chown(folder, OWNER.uid, OWNER.gid);
  return folder;
}

/**
 * Returns a function that ends a process of this file by a signal and removes its folder. It also runs at the end of
 * the test run.
 */
function killer(child: ChildProcess, folder: string, signal: () => void): () => Promise<void> {
  const exited = once(child, 'exit');
  let killed: Promise<void> | undefined;
  const kill = (): Promise<void> => {
    killed ??= (async () => {
      signal();
      await exited;
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    })();
    return killed;
  };
  atEnd(kill);
  return kill;
}

function run(program: string, args: string[]): void {
  const { status, stderr } = spawnSync(join(BIN ?? '', program), args, { ...OWNER, cwd: '/' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

async function started(folder: string): Promise<PostgresServer> {
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=60', 'shared_buffers=16MB'];
  const child = spawn(
    join(BIN ?? '', 'postgres'),
    [
      ...['-D', join(folder, 'data'), '-p', String(port), '-k', folder],
      ...settings.flatMap((one) => ['-c', one]),
    ],
    { ...OWNER, stdio: 'ignore', cwd: '/' },
  );
  const signal = (name: NodeJS.Signals): void => {
    child.kill(name);
    const sessions = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    for (const pid of sessions.split(' ').filter(Boolean)) {
      try {
        process.kill(Number(pid), name);
      } catch {
        // the session has just ended
      }
    }
  };
  const kill = killer(child, folder, () => {
    signal('SIGCONT');
    // an immediate shutdown, as when the machine is lost, but it ends the sessions as well
    child.kill('SIGQUIT');
  });
  const sql = async (text: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  };
  await eventually(() => sql('select 1'));
  return { port, folder, sql, freeze: () => signal('SIGSTOP'), thaw: () => signal('SIGCONT'), kill };
}

/** Starts a PostgreSQL server for one test. It runs until the end of the run. */
export async function postgresServer(): Promise<PostgresServer> {
  const folder = await ownFolder();
  run('initdb', ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync']);
  return started(folder);
}

/** Starts a standby that streams from `primary`. */
export async function standbyOf(primary: PostgresServer): Promise<PostgresServer> {
  const folder = await ownFolder();
  const from = ['-h', primary.folder, '-p', String(primary.port), '-U', 'postgres'];
  run('pg_basebackup', [
    ...from,
    '-D',
    join(folder, 'data'),
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '--no-sync',
  ]);
  return started(folder);
}

/**
 * Starts a PgBouncer in transaction mode before `server`, configured as on Debian, with these additional lines.
 * Returns its port.
 */
export async function pgBouncer(server: PostgresServer, lines: string[] = []): Promise<number> {
  const folder = await ownFolder();
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `* = host=127.0.0.1 port=${server.port} user=postgres`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'server_login_retry = 1',
    ...lines,
  ];
  await writeFile(file, settings.join('\n'));
  const child = spawn(PGBOUNCER, ['-q', file], { ...OWNER, stdio: 'ignore', cwd: '/' });
  killer(child, folder, () => void child.kill('SIGKILL'));
  await eventually(async () => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    await client.end();
  });
  return port;
}
