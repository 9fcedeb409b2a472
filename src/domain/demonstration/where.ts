import type { Config } from '../../config/config.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { postgresAddress } from '../../lib/postgres-address.ts';

/**
 * Whether a deployment gets the demonstration data: in development, with the embedded database or a server on this
 * machine. One elsewhere may become a real one, and what everybody knows the password of is not put there.
 */
export function isDemonstrated({ environment, database }: Pick<Config, 'environment' | 'database'>): boolean {
  if (environment === 'production') return false;
  const { hosts } = database.url === undefined ? { hosts: [] } : postgresAddress(database.url);
  return hosts.every(({ host }) => host.startsWith('/') || isLoopbackName(host));
}
