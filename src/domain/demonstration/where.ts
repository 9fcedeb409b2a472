import type { Config } from '../../config/config.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { postgresAddress } from '../../lib/postgres-address.ts';

/**
 * Returns whether a deployment receives the demonstration data: in development, with the embedded database or a
 * database server on this machine. A remote server may become a real one, and must not contain accounts with public
 * passwords.
 */
export function isDemonstrated({ environment, database }: Pick<Config, 'environment' | 'database'>): boolean {
  if (environment === 'production') return false;
  const { hosts } = database.url === undefined ? { hosts: [] } : postgresAddress(database.url);
  return hosts.every(({ host }) => host.startsWith('/') || isLoopbackName(host));
}
