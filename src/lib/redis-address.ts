export interface RedisHost {
  host: string;
  port: number;
}

/** The address of Redis and the credentials for it. */
export type RedisAddress = {
  username?: string | undefined;
  password?: string | undefined;
  tls: boolean;
} & (
  | { kind: 'server'; host: string; port: number; db: number }
  | { kind: 'socket'; path: string; db: number }
  | {
      kind: 'sentinel';
      /** The sentinels; one that responds is enough. */
      hosts: RedisHost[];
      /** The name of the primary in the sentinels' configuration. */
      name: string;
      db: number;
      sentinelUsername?: string | undefined;
      sentinelPassword?: string | undefined;
    }
  | { kind: 'cluster'; hosts: RedisHost[] }
);

/** The schemes of `REDIS_URL`. A second `s` stands for TLS. */
const REDIS_SCHEMES = [
  'redis',
  'rediss',
  'unix',
  'redis+sentinel',
  'rediss+sentinel',
  'redis+cluster',
  'rediss+cluster',
] as const;
type Scheme = (typeof REDIS_SCHEMES)[number];

const PARTS = /^([a-z+]+):\/\/(?:([^@/?]*)@)?([^/?]*)(\/[^?]*)?(?:\?(.*))?$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;
const ENCODE = 'in a user name or password, encode # / ? @ : % as %23 %2F %3F %40 %3A %25';

/** The problem of an address, without the address itself, which may contain a password. */
class RedisAddressError extends Error {}

const refuse = (problem: string): never => {
  throw new RedisAddressError(problem);
};

function decoded(text: string | undefined): string | undefined {
  try {
    return text ? decodeURIComponent(text) : undefined;
  } catch {
    return refuse(`contains an invalid %-encoding; ${ENCODE}`);
  }
}

function hostOf(text: string, usualPort: number): RedisHost {
  const [, host = '', port] = HOST.exec(text) ?? refuse(`has an invalid host or port; ${ENCODE}`);
  const number = port === undefined ? usualPort : Number(port);
  if (number < 1 || number > 65_535) refuse('has an invalid port');
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function databaseOf(text: string | undefined): number {
  if (!text) return 0;
  return /^\d{1,5}$/.test(text) ? Number(text) : refuse('has an invalid database number');
}

/**
 * Parses a `REDIS_URL`. `redis://`, `rediss://` (TLS) and `unix://` name a server; `redis+sentinel://a:26379,b/name`
 * names the sentinels and the primary; `redis+cluster://a:6379,b` names nodes of a cluster. Throws `RedisAddressError`.
 */
export function redisAddress(text: string): RedisAddress {
  const given = PARTS.exec(text);
  const scheme = given?.[1]?.toLowerCase() as Scheme;
  if (!given || !REDIS_SCHEMES.includes(scheme)) {
    return refuse(`must start with ${REDIS_SCHEMES.map((each) => `${each}://`).join(', ')}`);
  }
  if (/[\s\p{Cc}#]/u.test(text)) return refuse(`contains white space or a #; ${ENCODE}`);
  const [, , credentials, hosts = '', path = '', query] = given;
  const [username, password] = (credentials ?? '').split(/:(.*)/s).map(decoded);
  const parameters = new URLSearchParams(query);
  const base = { username, password, tls: scheme.startsWith('rediss') };
  if (scheme === 'unix') {
    if (hosts !== '' || path.length < 2) return refuse('must name a socket: unix:///path/to/redis.sock');
    const socket = decoded(path) as string;
    return { ...base, kind: 'socket', path: socket, db: databaseOf(parameters.get('db') ?? undefined) };
  }
  if (hosts === '') return refuse('has no host');
  const usual = scheme.endsWith('+sentinel') ? 26_379 : 6379;
  const list = hosts.split(',').map((host) => hostOf(host, usual));
  const [first = '', second] = path.slice(1).split('/');
  if (scheme.endsWith('+cluster')) {
    if (first !== '') return refuse('names a database: a cluster has none');
    return { ...base, kind: 'cluster', hosts: list };
  }
  if (scheme.endsWith('+sentinel')) {
    const name = decoded(first) ?? refuse('lacks the name of the primary: redis+sentinel://host:26379/name');
    return {
      ...base,
      kind: 'sentinel',
      hosts: list,
      name,
      db: databaseOf(second),
      sentinelUsername: parameters.get('sentinelUsername') ?? undefined,
      sentinelPassword: parameters.get('sentinelPassword') ?? undefined,
    };
  }
  if (list.length > 1) return refuse('has several hosts: use redis+sentinel:// or redis+cluster://');
  return { ...base, kind: 'server', ...(list[0] as RedisHost), db: databaseOf(first) };
}
