import { compose, type Server } from '../../src/compose/compose.ts';
import type { Config } from '../../src/config/config.ts';
import { logger } from '../../src/http/log.ts';
import { listen } from '../../src/http/server.ts';
import { atEnd } from './at-end.ts';
import { testConfig } from './config.ts';
import { onEmptied, testDatabase, testPlace } from './database.ts';
import { freePort } from './free-port.ts';

export interface TestServer extends Server {
  /** The issuer: `http://localhost:<port>`. */
  url: string;
  config: Config;
  stop(): Promise<void>;
}

type Changes = { [Slice in keyof Config]?: Partial<Config[Slice]> };

/**
 * Starts the whole server in this process, on its own port and the run's database, with the demonstration data. The
 * process's first opening of the embedded database serves it, so all further servers share it.
 *
 * By default, no server sends messages or watches for changes of other servers, because servers of different issuers
 * would send each other's messages. The jobs that sweep and that rotate keys never run on their own: tests move the
 * clock, and other tests need what would have expired. A server that is `alone` first ends the server that test
 * files share, whose jobs would take its messages.
 */
export async function startServer(
  changes: Changes = {},
  { jobs = false, alone = false } = {},
): Promise<TestServer> {
  if (alone) await endTestServer();
  const place = await testPlace();
  await testDatabase();
  const base = await testConfig();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config: Config = {
    ...base,
    ...Object.fromEntries(
      Object.entries(changes).map(([slice, values]) => [
        slice,
        Array.isArray(values)
          ? values
          : { ...(base[slice as keyof Config] as object), ...(values as object) },
      ]),
    ),
    server: { ...base.server, host: '127.0.0.1', port, issuer: url, ...changes.server },
    database: { ...base.database, ...place, ...changes.database },
  };
  const server = await compose({ config, log: logger(config.log) });
  const web = await listen(server.app.callback(), config.server);
  if (jobs) for (const job of [server.jobs.sending, server.jobs.watching]) job.start();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await web.close(100);
    await server.close();
  };
  atEnd(stop);
  return { ...server, url, config, stop };
}

let shared: Promise<TestServer> | undefined;

async function endTestServer(): Promise<void> {
  const server = await shared;
  shared = undefined;
  await server?.stop();
}

/**
 * One server that test files share until one of them empties the tables; then the next file gets a new one. A test
 * that changes settings or stops the server starts its own.
 */
export function testServer(): Promise<TestServer> {
  shared ??= startServer({}, { jobs: true }).then((server) => {
    onEmptied(endTestServer);
    return server;
  });
  return shared;
}
