import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Postgres, startPostgres } from '../../bench/services/postgres.ts';
import { type Redis, startRedis } from '../../bench/services/redis.ts';
import { freePort } from '../../test/support/free-port.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { type Server, startServer } from './servers.ts';
import { startWire, type Wire } from './wire.ts';

/** Everything that a fault may be done to. */
export interface Stage {
  postgres: Postgres;
  /** Bound to the database of the servers, by no wire. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  databaseUrl: string;
  redis: { freeze(): void; thaw(): void; end(): Promise<void>; again(): Promise<void> };
  gateway: Gateway;
  /** Between the second server and PostgreSQL; the first one goes straight. */
  wire: Wire;
  /** Two processes; the first one's address is the issuer. */
  servers: readonly [Server, Server];
  /** What the command `pratu` writes, with the settings of the servers. Throws when it fails. */
  command(args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const PRATU = fileURLToPath(new URL('../../src/bin/pratu.ts', import.meta.url));

/** Where the servers' logs and the results are. */
export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** What limits a load: how many codes may be sent. What guards against guessing is as it is. */
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

async function startRedisAt(port: number): Promise<Stage['redis']> {
  let beginning = startRedis(port);
  let redis: Redis = await beginning;
  return {
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    async end() {
      // an interruption may come while it is being started again
      redis = await beginning;
      await redis.stop();
    },
    async again() {
      beginning = startRedis(port);
      redis = await beginning;
    },
  };
}

/**
 * Starts PostgreSQL, Redis, an SMS gateway and two servers on the loopback interface. What was started is in `stops`
 * at once, so that a start which fails half-way leaves nothing behind.
 */
export async function startStage(
  stops: (() => Promise<unknown>)[],
  onCrash: (url: string) => void,
): Promise<Stage> {
  await rm(RESULTS, { recursive: true, force: true });
  await mkdir(RESULTS, { recursive: true });
  const postgres = await startPostgres(await freePort());
  stops.push(() => postgres.stop());
  const databaseUrl = await postgres.create('faults');
  const redisPort = await freePort();
  const redis = await startRedisAt(redisPort);
  stops.push(() => redis.end());
  const gateway = await startGateway();
  stops.push(() => gateway.stop());
  const wire = await startWire(postgres.port);
  stops.push(() => wire.stop());

  const settingsFile = `${RESULTS}settings.yaml`;
  await writeFile(settingsFile, SETTINGS);
  const ports = [await freePort(), await freePort()] as const;
  const serverEnv = {
    SECRET_KEY: randomBytes(32).toString('base64'),
    SMS_URL: gateway.url,
    TRUST_PROXY: '1',
  };
  const begin = async (index: 0 | 1): Promise<Server> => {
    const server = await startServer({
      port: ports[index],
      issuer: `http://localhost:${ports[0]}`,
      databaseUrl: index === 0 ? databaseUrl : wire.through(databaseUrl),
      redisUrl: `redis://127.0.0.1:${redisPort}`,
      settings: SETTINGS,
      env: serverEnv,
      log: `${RESULTS}server-${index + 1}.log`,
      onCrash,
    });
    stops.push(() => server.stop());
    return server;
  };
  // one after the other: the first one makes the tables
  const servers = [await begin(0), await begin(1)] as const;

  return {
    postgres,
    databaseUrl,
    redis,
    gateway,
    wire,
    servers,
    async query(text, values = []) {
      const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
      // a connection that a fault breaks fails its query as well
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async command(args) {
      const env = { ...process.env, ...serverEnv, DATABASE_URL: databaseUrl, CONFIG_FILE: settingsFile };
      const { stdout } = await promisify(execFile)(process.execPath, [PRATU, ...args], { env });
      return stdout;
    },
    async stop() {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}
