import { randomBytes } from 'node:crypto';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';

/** Opens a database with the default settings, as the server and its command do. Closes it after the work. */
export async function withDatabase<T>(
  databaseUrl: string,
  work: (database: Database, config: Config) => Promise<T>,
): Promise<T> {
  // a separate key: the work here decrypts nothing stored, and must not write a key into the data folder
  const config = await loadConfig({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: randomBytes(32).toString('base64'),
  });
  const database = await openDatabase(config.database);
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}
