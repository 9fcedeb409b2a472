import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { withDatabase } from './opened.ts';

/** The oldest release whose databases are upgraded here. Before it, accounts had no `proved_at`. */
const OLDEST = 8;

export interface MigrationTime {
  migration: string;
  seconds: number;
}

export interface Upgrade {
  seconds: number;
  migrations: number;
  /** The three slowest migrations. */
  slowest: MigrationTime[];
}

const numberOf = (file: string): number => Number.parseInt(file, 10);

/** Creates a folder with the migrations of the oldest release, which the caller removes. */
async function oldestMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-migrations-'));
  const files = await readdir(MIGRATIONS);
  for (const file of files.filter((name) => numberOf(name) <= OLDEST))
    await copyFile(new URL(file, MIGRATIONS), join(folder, file));
  return folder;
}

const run = (databaseUrl: string, directory: URL): Promise<Upgrade> =>
  withDatabase(databaseUrl, async (database) => {
    const begun: [migration: string, at: number][] = [];
    const started = performance.now();
    const applied = await migrate(database, {
      directory,
      onProgress({ kind, migration }) {
        if (kind === 'migration') begun.push([migration, performance.now()]);
      },
    });
    const ended = performance.now();
    const times = begun.map(([migration, at], index) => ({
      migration,
      seconds: ((begun[index + 1]?.[1] ?? ended) - at) / 1000,
    }));
    return {
      seconds: (ended - started) / 1000,
      migrations: applied.length,
      slowest: times.sort((one, other) => other.seconds - one.seconds).slice(0, 3),
    };
  });

/** Gives an empty database the schema of the oldest release. */
export async function createOldest(databaseUrl: string): Promise<Upgrade> {
  const folder = await oldestMigrations();
  try {
    return await run(databaseUrl, pathToFileURL(`${folder}/`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Upgrades a database to the current schema, like `pratu migrate`. */
export const upgrade = (databaseUrl: string): Promise<Upgrade> => run(databaseUrl, MIGRATIONS);
