import { seedDemonstration } from '../../src/domain/demonstration/seed.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** A server with empty tables, for tests that break things. */
export interface FreshServer extends TestServer {
  /** Restores the demonstration data, as a server that others share expects it, and stops the server. */
  leave(): Promise<void>;
}

export async function freshServer(changes: Parameters<typeof startServer>[0] = {}): Promise<FreshServer> {
  const database = await testDatabase();
  await emptyTables(database);
  const server = await startServer(changes);
  return {
    ...server,
    async leave() {
      await emptyTables(database);
      await server.domain.signingKeys.ensure();
      await seedDemonstration({ db: server.database.knex, ...server.domain });
      await server.stop();
    },
  };
}
