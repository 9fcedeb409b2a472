import { emptyTables, testDatabase } from '../../support/database.ts';
import { type Facebook, facebook } from '../../support/facebook.ts';
import { startServer, type TestServer } from '../../support/server.ts';

type Changes = NonNullable<Parameters<typeof startServer>[0]>;

export interface KeysServer extends TestServer {
  graph: Facebook;
}

/** Starts a server with empty tables and a Facebook app. */
export async function keysServer(changes: Changes = {}): Promise<KeysServer> {
  await emptyTables(await testDatabase());
  const graph = await facebook();
  const server = await startServer({
    facebook: graph.settings,
    ...changes,
    // cheap hashes and a long wait: the load of the machine is not under test
    passwords: { memoryKiB: 256, passes: 1, maxWaitMs: 20_000, ...changes.passwords },
  });
  return { ...server, graph };
}
