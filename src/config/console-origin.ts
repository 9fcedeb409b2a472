import type { Config } from './config.ts';

/** Returns the origin of the console: the issuer, or the scheme of the issuer with the console's own host. */
export function consoleOrigin({ server, console: { host } }: Pick<Config, 'server' | 'console'>): string {
  return host === undefined ? server.issuer : `${new URL(server.issuer).protocol}//${host}`;
}
