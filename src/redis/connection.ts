import { createRequire } from 'node:module';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { Config } from '../config/config.ts';
import { type RedisAddress, redisAddress } from '../lib/redis-address.ts';

/** The operations on Redis, whether one server, a primary with sentinels, or a cluster. */
export interface RedisConnection {
  /** `one server`, `a cluster`, or how the primary is found; for operators. */
  readonly topology: string;
  /** Resolves when commands can be sent; rejects with the reason after `withinMs` milliseconds. */
  ready(withinMs: number): Promise<void>;
  /**
   * Runs a script whose keys share a hash tag. Rejects after `redis.commandTimeoutMs`, and immediately if disconnected.
   */
  run(script: string, keys: readonly string[], values?: readonly (string | number)[]): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  /** Calls `heard` for every message, also after reconnections, until the returned function is called. */
  subscribe(channel: string, heard: () => void): () => void;
  close(): void;
}

type Client = Redis | Cluster;

const CONNECT_AGAIN_MS = 200;
const settled = (times: number): number => Math.min(100 * times, 2000);
const tlsOf = ({ tls }: RedisAddress): Pick<RedisOptions, 'tls'> => (tls ? { tls: {} } : {});

const load = (): typeof import('ioredis') =>
  // loaded only if Redis is configured
  createRequire(import.meta.url)('ioredis') as typeof import('ioredis');

function clientOf(address: RedisAddress, commandTimeoutMs: number, waits: boolean): Client {
  const { Redis: Server, Cluster: Nodes } = load();
  const { username, password } = address;
  // the defaults of ioredis make a request wait for more than a minute while Redis is down
  const common = {
    ...tlsOf(address),
    username,
    password,
    connectTimeout: 1000,
    // a hanging server is disconnected, so that its successor is found
    socketTimeout: Math.max(1000, 4 * commandTimeoutMs),
    autoResendUnfulfilledCommands: false,
    // a primary that became a replica: its address, or the sentinels, resolve to the new primary
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    maxRetriesPerRequest: waits ? null : 1,
  } satisfies RedisOptions;
  if (address.kind === 'cluster') {
    return new Nodes(address.hosts, {
      enableOfflineQueue: waits,
      clusterRetryStrategy: settled,
      maxRedirections: 4,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      slotsRefreshTimeout: 1000,
      redisOptions: common,
    });
  }
  const one = { ...common, db: address.db, enableOfflineQueue: waits, retryStrategy: settled };
  if (address.kind === 'server') return new Server({ ...one, host: address.host, port: address.port });
  if (address.kind === 'socket') return new Server({ ...one, path: address.path });
  return new Server({
    ...one,
    sentinels: address.hosts,
    name: address.name,
    sentinelUsername: address.sentinelUsername,
    sentinelPassword: address.sentinelPassword,
    sentinelRetryStrategy: settled,
    sentinelCommandTimeout: 1000,
    enableTLSForSentinelMode: address.tls,
    ...(address.tls ? { sentinelTLS: {} } : {}),
    // sentinels announce a new primary, which is used immediately
    failoverDetector: true,
  });
}

/**
 * Keeps a client connected until the returned function closes it. ioredis 6.0.0 (`FailoverDetector`,
 * `SentinelConnector`) stops reconnecting if the sentinels announce a new primary while it queries them.
 */
function connectedUntilClosed(client: Client): () => void {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  client.on('end', () => {
    if (closed) return;
    timer = setTimeout(() => void client.connect().catch(() => {}), CONNECT_AGAIN_MS);
  });
  return () => {
    closed = true;
    clearTimeout(timer);
    client.disconnect();
  };
}

const topologyOf = (address: RedisAddress): string => {
  if (address.kind === 'cluster') return 'a cluster';
  if (address.kind !== 'sentinel') return 'one server';
  const { length } = address.hosts;
  return `the primary ${address.name}, found by ${length === 1 ? 'a sentinel' : `one of ${length} sentinels`}`;
};

async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out')), milliseconds);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/**
 * A connection that fails immediately and reconnects in the background; `undefined` without `REDIS_URL`. `onError` is
 * called with every connection error.
 */
export function connectRedis(
  { url, commandTimeoutMs }: Config['redis'],
  onError: (error: unknown) => void = () => {},
): RedisConnection | undefined {
  if (!url) return undefined;
  const address = redisAddress(url);
  const client = clientOf(address, commandTimeoutMs, false);
  const close = connectedUntilClosed(client);
  // every use handles its own failure; without a listener, each lost connection would end the process
  let last: unknown;
  client.on('error', (error: unknown) => {
    last = error;
    onError(error);
  });
  return {
    topology: topologyOf(address),
    async ready(withinMs) {
      if (client.status === 'ready') return;
      const open = new Promise<void>((resolve) => client.once('ready', () => resolve()));
      await within(withinMs, open).catch((error: unknown) => {
        throw last ?? error;
      });
    },
    run: (script, keys, values = []) =>
      within(commandTimeoutMs, client.eval(script, keys.length, ...keys, ...values)),
    publish: (channel, message) => within(commandTimeoutMs, client.publish(channel, message)),
    subscribe(channel, heard) {
      const subscriber = clientOf(address, commandTimeoutMs, true);
      subscriber.on('error', () => {});
      subscriber.on('message', heard);
      subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => {}));
      return connectedUntilClosed(subscriber);
    },
    close,
  };
}
