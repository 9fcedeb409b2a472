import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../test/support/free-port.ts';

const run = promisify(execFile);
const PACKAGES = '/usr/lib/postgresql';
const MAX_CONNECTIONS = 200;

export interface Postgres {
  /** Returns the process ID of the postmaster. */
  postmaster(): Promise<number>;
  port: number;
  /** Creates an empty database with this name and returns its URL. */
  create(name: string): Promise<string>;
  /** Restarts the server, cutting every connection immediately (`-m fast`). Resolves when it responds again. */
  restart(): Promise<void>;
  /** Suspends all processes: connections stay open without a response. */
  freeze(): Promise<void>;
  /** Resumes them. */
  thaw(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Returns the folder of the server's programs: the newest in Debian's layout, or else the folder that `pg_config`
 * reports.
 */
export function postgresPrograms(): string {
  const versions = existsSync(PACKAGES) ? readdirSync(PACKAGES) : [];
  const newest = versions.sort((one, other) => Number(other) - Number(one))[0];
  if (newest) return join(PACKAGES, newest, 'bin');
  return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
}

/**
 * Runs one of the server's programs. Uses the user `postgres` when the current user is root, which PostgreSQL refuses.
 */
const asPostgres = (program: string, args: string[]) =>
  process.getuid?.() === 0 ? run('runuser', ['-u', 'postgres', '--', program, ...args]) : run(program, args);

/** Signals a process, then its children. This order prevents the process from starting unseen children. */
async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await signalChildren(pid, signal);
}

async function signalChildren(pid: number, signal: NodeJS.Signals): Promise<void> {
  const { stdout } = await run('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }));
  for (const child of stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(child), signal);
    } catch (error) {
      // the process has ended in the meantime
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Kills a postmaster and its sessions, like the loss of a machine. Does nothing when it has ended. */
export async function killTree(postmaster: number): Promise<void> {
  try {
    // the stopped postmaster cannot start children, and its children can only be found while it exists
    process.kill(postmaster, 'SIGSTOP');
    await signalChildren(postmaster, 'SIGKILL');
    process.kill(postmaster, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a PostgreSQL on a free port (or a given one) of the loopback interface, in a temporary folder. As in
 * production, a commit is on disk when it is acknowledged. `more` has additional settings.
 */
export async function startPostgres(given?: number, more: Record<string, string> = {}): Promise<Postgres> {
  const bin = postgresPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'pratu-postgres-'));
  await chmod(folder, 0o777);
  const data = join(folder, 'data');
  const port = given ?? (await freePort());
  const initialised = asPostgres(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
  ]);
  await initialised.catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const settings = {
    port,
    unix_socket_directories: folder,
    listen_addresses: '127.0.0.1',
    max_connections: MAX_CONNECTIONS,
    shared_buffers: '512MB',
    // counts statements on request (statements.ts), and nothing while a load is timed
    shared_preload_libraries: 'pg_stat_statements',
    ...more,
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const control = (...args: string[]) => asPostgres(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args]);
  const log = join(folder, 'log');
  await control('-l', log, '-o', options.join(' '), 'start');
  const postmaster = async (): Promise<number> =>
    Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);

  let restarting: Promise<unknown> = Promise.resolve();

  return {
    port,
    postmaster,
    async create(name) {
      await asPostgres(join(bin, 'createdb'), [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'postgres',
        name,
      ]);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    async restart() {
      restarting = control('-l', log, '-m', 'fast', 'restart');
      await restarting;
    },
    async freeze() {
      await signalTree(await postmaster(), 'SIGSTOP');
    },
    async thaw() {
      await signalTree(await postmaster(), 'SIGCONT');
    },
    async stop() {
      await restarting.catch(() => undefined);
      const pid = await postmaster();
      // frozen processes do not receive other signals
      await signalTree(pid, 'SIGCONT');
      process.kill(pid, 'SIGINT');
      await control('stop').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
