import { readdir, readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { RECORDED } from './recorded-migrations.ts';
import { type SqlStatement, statementsIn } from './sql-statements.ts';

type Up = (knex: Knex) => Promise<void>;

/** The first line of a file whose statements are committed one by one, as `concurrently` and batches require. */
const WITHOUT_TRANSACTION = '-- without a transaction';

/** One file of `migrations/`. */
export type MigrationFile =
  | { name: string; transaction: boolean; statements: readonly SqlStatement[] }
  | { name: string; transaction: true; up: Up };

/**
 * Rejects. Knex requires a `down` of every migration; these go forward only, so that no deployment loses data by one.
 */
async function refuse(): Promise<void> {
  throw new Error('down migrations are not supported: restore a backup instead');
}

/**
 * Returns the name under which a migration is recorded: that of its file without the extension, or the name with which
 * it was first published.
 */
const nameOf = (file: string): string => {
  const name = file.replace(/\.(sql|ts)$/, '');
  return RECORDED[name] ?? name;
};

/** Reads a file of `directory`: SQL, or TypeScript that exports `up(knex)`. */
export async function readMigration(directory: URL, file: string): Promise<MigrationFile> {
  const address = new URL(file, directory);
  const name = nameOf(file);
  if (!file.endsWith('.sql')) {
    const { up } = (await import(address.href)) as { up: Up };
    return { name, transaction: true, up };
  }
  const sql = await readFile(address, 'utf8');
  return { name, transaction: !sql.startsWith(WITHOUT_TRANSACTION), statements: statementsIn(sql) };
}

/** The files of `directory` in order. `run` executes one of them. */
export const migrationSource = (
  directory: URL,
  run: (migration: MigrationFile, knex: Knex) => Promise<void>,
): Knex.MigrationSource<string> => ({
  getMigrations: async () =>
    (await readdir(directory)).filter((file) => file.endsWith('.sql') || file.endsWith('.ts')).sort(),
  getMigrationName: nameOf,
  async getMigration(file) {
    const migration = await readMigration(directory, file);
    return {
      up: (knex) => run(migration, knex),
      down: refuse,
      config: { transaction: migration.transaction },
    };
  },
});
