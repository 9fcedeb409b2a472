import type { Config } from '../config/config.ts';
import { postgresAddress, type Target } from '../lib/postgres-address.ts';
import type { ConnectionConfig } from './client.ts';
import type { Embedded } from './embedded.ts';
import { locator } from './locator.ts';
import { KEPT_BY_POOLERS, optionsOf, PINNED, type SessionSettings } from './session-settings.ts';

/** Returns a URL without its `options`, which the driver would use instead of those set here, and these options. */
function withoutOptions(url: string): { connectionString: string; theirs: string[] } {
  const address = new URL(url);
  const theirs = address.searchParams.getAll('options');
  if (theirs.length === 0) return { connectionString: url, theirs };
  address.searchParams.delete('options');
  return { connectionString: address.href, theirs };
}

/** Returns the limits that PostgreSQL applies to the statements of a request, in milliseconds. */
export const limitsOf = (config: Config['database']): SessionSettings => ({
  statement_timeout: config.statementTimeoutMs,
  lock_timeout: config.lockTimeoutMs,
  idle_in_transaction_session_timeout: config.statementTimeoutMs + 2000,
});

/**
 * Returns the configuration of a connection to the server of a URL. With several hosts, the target is `usual` unless
 * the URL has one.
 */
function connectionTo(config: Config['database'], url: string | undefined, usual: Target): ConnectionConfig {
  const address = url === undefined ? undefined : postgresAddress(url);
  const { connectionString, theirs } = address ? withoutOptions(address.url) : { theirs: [] };
  const connection: ConnectionConfig = {
    ...commonOf(config),
    ...(address?.connectTimeoutMs ? { connectionTimeoutMillis: address.connectTimeoutMs } : {}),
    ...(connectionString ? { connectionString } : {}),
    // a transaction pooler accepts no session settings
    ...(config.pooler === 'transaction'
      ? { startup: KEPT_BY_POOLERS }
      : { options: [...theirs, optionsOf(PINNED, limitsOf(config))].join(' ') }),
    // a frozen server never responds: give up shortly after the statement timeout
    query_timeout: config.statementTimeoutMs + 500,
  };
  if (!address) return connection;
  const target = address.target ?? (address.hosts.length > 1 ? usual : 'any');
  if (address.hosts.length < 2 && target === 'any') return connection;
  // leaves time to connect to the server that was found
  const perHost = Math.round(((address.connectTimeoutMs ?? config.acquireTimeoutMs) * 2) / 3);
  return {
    ...connection,
    locator: locator(address, target, { ...connection, connectionTimeoutMillis: perHost }),
  };
}

const commonOf = ({ acquireTimeoutMs }: Config['database']): ConnectionConfig => ({
  connectionTimeoutMillis: acquireTimeoutMs,
  keepAlive: true,
  application_name: 'pratu',
});

/** Returns the configuration of every connection: to `embedded`, or to `config.url`. */
export function connectionOf(config: Config['database'], embedded?: Embedded): ConnectionConfig {
  if (!embedded) return connectionTo(config, config.url, 'read-write');
  return { ...commonOf(config), ...embedded.access };
}

/** Returns the configuration of a connection for reads that may lag. */
export const readConnectionOf = (config: Config['database'], url: string): ConnectionConfig =>
  connectionTo(config, url, 'prefer-standby');
