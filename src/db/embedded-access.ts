import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomToken } from '../lib/ids.ts';

/** A Unix socket in the data folder, or a port of 127.0.0.1 with a password. */
export type Transport = 'socket' | 'loopback';

/** The options that `pg` needs to connect. */
export interface Access {
  /** The folder of the socket, or 127.0.0.1. */
  host: string;
  port?: number;
  password?: string;
  user: 'postgres';
  database: 'postgres';
}

/**
 * The location of the embedded PostgreSQL of a data folder, and the lock that excludes other processes from the folder.
 */
export interface EmbeddedPlace {
  dataDir: string;
  transport: Transport;
  /** The folder of sockets. */
  directory: string;
  socket: string;
  /** A Unix socket, or a named pipe on Windows. It is bound by one process, and released when that process ends. */
  lock: string;
}

const SOCKET = '.s.PGSQL.5432';
const ACCESS_FILE = 'embedded.json';
const LOOPBACK = '127.0.0.1';
/**
 * Unix socket paths are limited to 107 bytes on Linux and 103 on macOS. A longer data folder gets a short substitute.
 */
const LONGEST = 100;

const hashOf = (dataDir: string): string => createHash('sha256').update(dataDir).digest('hex').slice(0, 16);

/**
 * Returns the default transport. On Windows, PostgreSQL clients do not support Unix sockets, and Node.js uses named
 * pipes.
 */
export const usualTransport = (platform: NodeJS.Platform = process.platform): Transport =>
  platform === 'win32' ? 'loopback' : 'socket';

/** The place of a data folder. */
export function embeddedPlace(
  dataDir: string,
  transport: Transport,
  platform: NodeJS.Platform = process.platform,
): EmbeddedPlace {
  const tooLong = join(dataDir, SOCKET).length > LONGEST;
  const directory = tooLong ? join(tmpdir(), `pratu-${hashOf(dataDir)}`) : dataDir;
  const socket = join(directory, SOCKET);
  const lock = platform === 'win32' ? `\\\\.\\pipe\\pratu-${hashOf(dataDir)}` : `${socket}.lock`;
  return { dataDir, transport, directory, socket, lock };
}

interface Kept {
  port: number;
  password: string;
}

async function kept(dataDir: string): Promise<Kept | undefined> {
  try {
    const { port, password } = JSON.parse(
      await readFile(join(dataDir, ACCESS_FILE), 'utf8'),
    ) as Partial<Kept>;
    const usable = Number.isInteger(port) && typeof password === 'string' && password !== '';
    return usable ? { port: port as number, password: password as string } : undefined;
  } catch {
    // missing, or incomplete because the write was interrupted: a new file will be written
    return undefined;
  }
}

/** Returns the previous port and password, so that connected processes find a new server; otherwise new ones. */
export const loopbackOf = async (dataDir: string): Promise<Kept> =>
  (await kept(dataDir)) ?? { port: 0, password: randomToken(256) };

/** Writes the port and password atomically, for the other processes of this user. */
export async function keepLoopback(dataDir: string, values: Kept): Promise<void> {
  const file = join(dataDir, ACCESS_FILE);
  await writeFile(`${file}.new`, JSON.stringify(values), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Returns how to connect to a place; undefined for the loopback transport until a process has served the place. */
export async function accessOf({
  dataDir,
  transport,
  directory,
}: EmbeddedPlace): Promise<Access | undefined> {
  const names = { user: 'postgres', database: 'postgres' } as const;
  if (transport === 'socket') return { host: directory, ...names };
  const values = await kept(dataDir);
  return values && { host: LOOPBACK, ...values, ...names };
}
