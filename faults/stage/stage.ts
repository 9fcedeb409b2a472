import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import { Client } from '../../src/db/client.ts';
import { locator } from '../../src/db/locator.ts';
import { postgresAddress } from '../../src/lib/postgres-address.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { type Server, startServer } from './servers.ts';

export type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** The environment of every load: two servers and their dependencies. */
export interface Stage {
  /** Queries the database of the servers directly, without a wire or pooler. */
  query: Query;
  gateway: Gateway;
  /** Two processes. The address of the first is the issuer. */
  servers: readonly [Server, Server];
  /** Runs the command `pratu` with the settings of the servers and returns its output. Throws when it fails. */
  command(args: readonly string[]): Promise<string>;
}

/**
 * The stop functions of everything that was started, called in reverse order. They are added immediately, so that a
 * failed start leaves nothing running.
 */
export type Stops = (() => Promise<unknown>)[];
export type OnCrash = (url: string) => void;

const PRATU = fileURLToPath(new URL('../../src/bin/pratu.ts', import.meta.url));

/** The folder of the servers' logs and the results. */
export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/**
 * Raises the limits that the load would reach. The limit of sign-in attempts per address is below its default instead,
 * and the limit per account is the default, so that guesses reach them.
 */
const SETTINGS = `
oneTimeCodes:
  resendAfter: 1
  sendsPerHour: 1000
  sendsPerDay: 1000
  addressPerHour: 1000000
  prefixPerHour: 1000000
  globalPerHour: 1000000
  conversionSends: 1000000
attempts:
  perAddress: 30
  inTotal: 1000000
  beginningsPerAddress: 1000000
`;

/** Runs each statement on a new connection. When the URL names several servers, uses the one that accepts writes. */
export function queries(databaseUrl: string): Query {
  const address = postgresAddress(databaseUrl);
  const connection = { connectionString: address.url, connectionTimeoutMillis: 10_000 };
  const found =
    address.hosts.length > 1
      ? locator(address, 'read-write', { ...connection, connectionTimeoutMillis: 1000 })
      : undefined;
  return async (text, values = []) => {
    const client = new Client({ ...connection, locator: found });
    // a connection that a fault breaks makes its query fail too
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
}

interface ServersOptions {
  /** The prefix of the log names. */
  name: string;
  /** The database of commands and comparisons, */
  databaseUrl: string;
  /** and of each server, with additional environment variables. */
  servers: readonly [ServerOptions, ServerOptions];
  redisUrl: string;
}

interface ServerOptions {
  databaseUrl: string;
  env?: Record<string, string>;
}

/** Starts an SMS gateway and two servers on the loopback interface. */
export async function startServers(options: ServersOptions, stops: Stops, onCrash: OnCrash): Promise<Stage> {
  const { name, databaseUrl, redisUrl } = options;
  const gateway = await startGateway();
  stops.push(() => gateway.stop());
  const settingsFile = `${RESULTS}settings.yaml`;
  await writeFile(settingsFile, SETTINGS);
  const ports = [await freePort(), await freePort()] as const;
  const serverEnv = {
    SECRET_KEY: randomBytes(32).toString('base64'),
    SMS_URL: gateway.url,
    TRUST_PROXY: '1',
  };
  const begin = async (index: 0 | 1): Promise<Server> => {
    const { databaseUrl, env = {} } = options.servers[index];
    const server = await startServer({
      port: ports[index],
      issuer: `http://localhost:${ports[0]}`,
      databaseUrl,
      redisUrl,
      settings: SETTINGS,
      env: { ...serverEnv, ...env },
      log: `${RESULTS}${name}-${index + 1}.log`,
      onCrash,
    });
    stops.push(() => server.stop());
    return server;
  };
  // one after the other: the first creates the tables
  const servers = [await begin(0), await begin(1)] as const;
  return {
    query: queries(databaseUrl),
    gateway,
    servers,
    async command(args) {
      const env = { ...process.env, ...serverEnv, DATABASE_URL: databaseUrl, CONFIG_FILE: settingsFile };
      const { stdout } = await promisify(execFile)(process.execPath, [PRATU, ...args], { env });
      return stdout;
    },
  };
}
