import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomToken } from '../lib/ids.ts';

/** A Unix socket in the data folder, or a port of 127.0.0.1 with a password. */
export type Transport = 'socket' | 'loopback';

/** What `pg` needs to connect. */
export interface Access {
  /** The folder of the socket, or 127.0.0.1. */
  host: string;
  port?: number;
  password?: string;
  user: 'postgres';
  database: 'postgres';
}

/** Where the embedded PostgreSQL of a data folder is served, and what keeps other processes out of the folder. */
export interface EmbeddedPlace {
  dataDir: string;
  transport: Transport;
  /** The folder of sockets. */
  directory: string;
  socket: string;
  /** A Unix socket, or a named pipe on Windows: bound by one process, and free again when that ends. */
  lock: string;
}

const SOCKET = '.s.PGSQL.5432';
const ACCESS_FILE = 'embedded.json';
const LOOPBACK = '127.0.0.1';
/** Unix socket paths end at 107 bytes on Linux and 103 on macOS; a longer data folder gets a short stand-in. */
const LONGEST = 100;

const hashOf = (dataDir: string): string => createHash('sha256').update(dataDir).digest('hex').slice(0, 16);

/** PostgreSQL's clients for Windows know no Unix sockets, and those of Node are named pipes there. */
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
    // none yet, or cut off while it was written: there will be a new one
    return undefined;
  }
}

/** Port and password of before, so that processes that were connected find a new server; otherwise new ones. */
export const loopbackOf = async (dataDir: string): Promise<Kept> =>
  (await kept(dataDir)) ?? { port: 0, password: randomToken(256) };

/** Writes them for the other processes of this user, whole or not at all. */
export async function keepLoopback(dataDir: string, values: Kept): Promise<void> {
  const file = join(dataDir, ACCESS_FILE);
  await writeFile(`${file}.new`, JSON.stringify(values), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** How a place is reached now; undefined while nobody has served it by this transport. */
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
