import type { Domain } from '../../src/compose/domain.ts';
import type { Config } from '../../src/config/config.ts';
import type { Database } from '../../src/db/database.ts';
import { seedDemonstration } from '../../src/domain/demonstration/seed.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { testConfig } from '../support/config.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';

export interface EmptyDomain extends Domain {
  database: Database;
  config: Config;
  /** Empties the tables again. */
  empty(): Promise<void>;
  /** Restores the demonstration data, as a server that other test files share expects it. */
  leave(): Promise<void>;
}

/** Composes everything below the surfaces on empty tables, with cheap password hashes. */
export async function emptyDomain(): Promise<EmptyDomain> {
  const database = await testDatabase();
  await emptyTables(database);
  const config = await testConfig();
  const redis = connectRedis(config.redis);
  const domain = await readyDomain({
    config: { ...config, passwords: { ...config.passwords, memoryKiB: 256, passes: 1 } },
    database,
    redis,
  });
  return {
    ...domain,
    database,
    config,
    empty: () => emptyTables(database),
    async leave() {
      redis?.close();
      await emptyTables(database);
      await domain.signingKeys.ensure();
      await seedDemonstration({ db: database.knex, ...domain });
    },
  };
}

/** The error code that a use case rejects with; `none` when it does not reject. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
