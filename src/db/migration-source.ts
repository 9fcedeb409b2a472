import { readdir, readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { RECORDED } from './recorded-migrations.ts';

type Up = (knex: Knex) => Promise<void>;

/** Knex asks every migration for a way back; ours go forward only, so that no deployment can lose data by one. */
async function refuse(): Promise<void> {
  throw new Error('down migrations are not supported: restore a backup instead');
}

/** First line of a file whose statements run one by one, each committed on its own, as `concurrently` demands. */
const WITHOUT_TRANSACTION = '-- without a transaction';

/** The statements of such a file; none of them may have a semicolon at the end of a line within. */
export const statementsIn = (sql: string): string[] =>
  sql
    .split(/;\s*$/m)
    .map((statement) => statement.replaceAll(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '');

function ofSql(sql: string): Knex.Migration & { config?: { transaction: boolean } } {
  if (!sql.startsWith(WITHOUT_TRANSACTION)) return { up: (knex) => knex.raw(sql), down: refuse };
  return {
    async up(knex) {
      for (const statement of statementsIn(sql)) await knex.raw(statement);
    },
    down: refuse,
    config: { transaction: false },
  };
}

/**
 * The files of `directory` in order: SQL, or TypeScript that exports `up(knex)`. A migration is recorded by its file's
 * name without extension, or by the one that it had when it was first published.
 */
export const migrationSource = (directory: URL): Knex.MigrationSource<string> => ({
  getMigrations: async () =>
    (await readdir(directory)).filter((file) => file.endsWith('.sql') || file.endsWith('.ts')).sort(),
  getMigrationName(file) {
    const name = file.replace(/\.(sql|ts)$/, '');
    return RECORDED[name] ?? name;
  },
  async getMigration(file) {
    const address = new URL(file, directory);
    if (file.endsWith('.sql')) return ofSql(await readFile(address, 'utf8'));
    const { up } = (await import(address.href)) as { up: Up };
    return { up, down: refuse };
  },
});
