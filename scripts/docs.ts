import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config/load-config.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { errorsPage } from './errors-page.ts';
import { frameworksPage, withFrameworks } from './frameworks-page.ts';
import { schemaListing } from './schema-listing.ts';
import { violationsPage } from './violations-page.ts';

/**
 * Writes the documents that are generated from the program: `errors.md`, `violations.md`, `frameworks.md` with its
 * table, and `schema.sql` in `docs/`.
 */
async function main(): Promise<void> {
  const docs = new URL('../docs/', import.meta.url);
  const dataDir = await mkdtemp(join(tmpdir(), 'pratu-docs-'));
  const { database: settings } = await loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir });
  const database = await openDatabase(settings);
  try {
    await migrate(database);
    await writeFile(new URL('errors.md', docs), errorsPage());
    await writeFile(new URL('violations.md', docs), violationsPage());
    await writeFile(new URL('frameworks.md', docs), frameworksPage());
    const clients = new URL('clients.md', docs);
    await writeFile(clients, withFrameworks(await readFile(clients, 'utf8')));
    await writeFile(new URL('schema.sql', docs), await schemaListing(database.records));
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await main();
