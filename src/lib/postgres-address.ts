/** The required properties of a session, as in libpq's `target_session_attrs`. */
export const TARGETS = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type Target = (typeof TARGETS)[number];

export interface PostgresHost {
  /** A name, an address, or the folder of a Unix socket, which starts with `/`. */
  host: string;
  port: number;
}

export interface PostgresAddress {
  /** In their order; empty if the driver's defaults apply. */
  hosts: PostgresHost[];
  /** Undefined unless given. */
  target: Target | undefined;
  /** Whether hosts and their addresses are tried in random order. */
  isBalanced: boolean;
  /** The limit for each host; undefined unless given. */
  connectTimeoutMs: number | undefined;
  /** The URL for the driver, with one host and without these parameters. */
  url: string;
}

const PARTS = /^(postgres(?:ql)?):\/\/(?:([^@/?#]*)@)?([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const HOST = /^(\[[0-9a-f:.%]+\]|[^:[\]]+)?(?::(\d{0,5}))?$/i;
const OURS = ['host', 'port', 'target_session_attrs', 'load_balance_hosts', 'connect_timeout'];
const USUAL_PORT = '5432';
const LONGEST_TIMEOUT_SECONDS = 60;

/** The problem of an address, without the address itself, which may contain a password. */
class PostgresAddressError extends Error {}

const refuse = (problem: string): never => {
  throw new PostgresAddressError(problem);
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('contains an invalid %-encoding in a host');
  }
}

function portOf(text: string | undefined): number {
  const port = Number(text || USUAL_PORT);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : refuse('has an invalid port');
}

/** The value of a parameter, which must be one of `values`; undefined if the parameter is absent. */
function choice<T extends string>(
  parameters: URLSearchParams,
  name: string,
  values: readonly T[],
): T | undefined {
  const given = parameters.get(name);
  if (given === null) return undefined;
  return values.find((value) => value === given) ?? refuse(`${name} must be one of ${values.join(', ')}`);
}

function timeoutOf(parameters: URLSearchParams): number | undefined {
  const given = parameters.get('connect_timeout');
  if (given === null || given === '0') return undefined;
  if (!/^\d{1,2}$/.test(given) || Number(given) > LONGEST_TIMEOUT_SECONDS) {
    return refuse(`connect_timeout must be 1 to ${LONGEST_TIMEOUT_SECONDS} seconds`);
  }
  return Number(given) * 1000;
}

/** The hosts of the authority, or those of the parameters `host` and `port`, which replace them as in libpq. */
function hostsOf(authority: string, parameters: URLSearchParams): PostgresHost[] {
  const named = authority === '' ? [] : authority.split(',');
  const parts = named.map((one) => HOST.exec(one) ?? refuse('has an invalid host or port'));
  const hosts = parameters.get('host')?.split(',') ?? parts.map(([, host = '']) => decoded(host));
  const ports = parameters.get('port')?.split(',') ?? parts.map(([, , port]) => port);
  if (hosts.length === 0) return [];
  if (hosts.length > 1 && hosts.includes('')) return refuse('has an empty host');
  if (ports.length > 1 && ports.length !== hosts.length) {
    return refuse(`names ${ports.length} ports for ${hosts.length} hosts`);
  }
  return hosts.map((host, at) => ({
    host: (host || 'localhost').replace(/^\[|\]$/g, ''),
    port: portOf(ports.length > 1 ? ports[at] : ports[0]),
  }));
}

/** A host in the form of a URL authority. */
function written({ host, port }: PostgresHost): string {
  const behind = port === Number(USUAL_PORT) ? '' : `:${port}`;
  if (host.startsWith('/')) return encodeURIComponent(host) + behind;
  return (host.includes(':') ? `[${host}]` : host) + behind;
}

/**
 * Parses the URL of a PostgreSQL server as libpq does (its manual, "Connection URIs"): several hosts with ports, Unix
 * sockets, `target_session_attrs`, `load_balance_hosts` and `connect_timeout`. The driver parses the rest. Throws
 * `PostgresAddressError`.
 */
export function postgresAddress(text: string): PostgresAddress {
  const given = PARTS.exec(text);
  if (!given) return refuse('is not a URL: it must start with postgres:// or postgresql://');
  const [, scheme, credentials, authority = '', path = '', query = ''] = given;
  const parameters = new URLSearchParams(query);
  for (const name of OURS) if (parameters.getAll(name).length > 1) refuse(`names ${name} twice`);
  if (parameters.has('hostaddr')) refuse('hostaddr is not supported: name addresses as hosts');
  const hosts = hostsOf(authority, parameters);
  const target = choice(parameters, 'target_session_attrs', TARGETS);
  const isBalanced = choice(parameters, 'load_balance_hosts', ['disable', 'random']) === 'random';
  const connectTimeoutMs = timeoutOf(parameters);
  const rest = query
    .split('&')
    .filter((pair) => pair !== '' && !OURS.includes(decodeURIComponent(pair.split('=', 1)[0] ?? '')));
  const user = credentials === undefined ? '' : `${credentials}@`;
  const first = hosts[0] ? written(hosts[0]) : '';
  const url = `${scheme}://${user}${first}${path}${rest.length > 0 ? `?${rest.join('&')}` : ''}`;
  return { hosts, target, isBalanced, connectTimeoutMs, url };
}
