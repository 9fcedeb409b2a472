import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/load-config.ts';
import type { Database } from '../db/database.ts';
import { migrate, migrationState } from '../db/migrate.ts';
import { ensureBuiltInClients } from '../domain/clients/built-in-clients.ts';
import { openDemonstration } from '../domain/demonstration/refuse.ts';
import { seedDemonstration } from '../domain/demonstration/seed.ts';
import { isDemonstrated } from '../domain/demonstration/where.ts';
import type { Domain } from './domain.ts';

interface Deps {
  config: Config;
  database: Database;
  domain: Domain;
}

/**
 * Brings the database into the state that the server needs. Development migrates and creates the demonstration data.
 * Production never changes the schema. It refuses to start with pending migrations or with a secret that the
 * documentation publishes.
 */
export async function bootstrap({ config, database, domain }: Deps): Promise<void> {
  if (config.database.migrateAtStart) await migrate(database);
  const { pending } = await migrationState(database);
  if (pending.length > 0) {
    throw new ConfigError([
      `database: ${pending.length} pending migration(s). Run: npm run pratu -- migrate`,
    ]);
  }
  // before any write: servers with the right SECRET_KEY could not read what a wrong one encrypts
  await domain.signingKeys.published();
  await domain.lastingDigests.load();
  await domain.signingKeys.ensure();
  await ensureBuiltInClients(domain.clients);
  if (config.environment !== 'production') {
    if (!isDemonstrated(config)) return;
    const { keyring, clients, lifecycle, bindings, operators } = domain;
    await seedDemonstration({ db: database.knex, keyring, clients, lifecycle, bindings, operators });
    return;
  }
  const open = await openDemonstration(domain);
  if (open.length > 0) {
    throw new ConfigError([
      `${open.join(', ')}: uses a publicly known demonstration secret. Remove it, or change the secret`,
    ]);
  }
}
