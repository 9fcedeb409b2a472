import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

type Up = (knex: Knex) => Promise<void>;

/** Knex asks every migration for a way back; ours go forward only, so that no deployment can lose data by one. */
async function refuse(): Promise<void> {
  throw new Error('migrations go forward only: restore a backup instead');
}

/** The files of `directory` in order. A migration's recorded name has no file extension. */
export const migrationSource = (directory: URL): Knex.MigrationSource<string> => ({
  async getMigrations() {
    const files = await readdir(directory);
    return files
      .filter((file) => file.endsWith('.js'))
      .map((file) => file.slice(0, -'.js'.length))
      .sort();
  },
  getMigrationName: (name) => name,
  async getMigration(name) {
    const { up } = (await import(pathToFileURL(`${directory.pathname}/${name}.js`).href)) as { up: Up };
    return { up, down: refuse };
  },
});
