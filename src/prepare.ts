import type { Domain } from './compose-domain.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/load-config.ts';
import type { Database } from './db/database.ts';
import { migrate, migrationState } from './db/migrate.ts';
import { demonstrationClients } from './domain/demonstration/refuse.ts';
import { seedDemonstration } from './domain/demonstration/seed.ts';

interface Deps {
  config: Config;
  database: Database;
  domain: Domain;
}

/**
 * Brings the database into the state that the server needs. Development migrates and makes the demonstration data;
 * production changes no schema, and refuses to start without it or with a secret that the documentation publishes.
 */
export async function prepareDatabase({ config, database, domain }: Deps): Promise<{ seeded: boolean }> {
  if (config.database.migrateAtStart) await migrate(database);
  const { pending } = await migrationState(database);
  if (pending.length > 0) {
    throw new ConfigError([`database: ${pending.length} migration(s) are missing. Run: pratu migrate`]);
  }
  await domain.signingKeys.ensure();
  if (config.environment !== 'production') {
    return { seeded: await seedDemonstration({ db: database.knex, ...domain }) };
  }
  const open = await demonstrationClients(domain.clients);
  if (open.length > 0) {
    throw new ConfigError([
      `clients ${open.join(', ')}: a demonstration secret is public. Remove or rotate them`,
    ]);
  }
  return { seeded: false };
}
