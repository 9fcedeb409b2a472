import type { Config } from './config.ts';

/** Where operators open the console: the issuer, or the same scheme on its own host. */
export function consoleOrigin({ server, console: { host } }: Pick<Config, 'server' | 'console'>): string {
  return host === undefined ? server.issuer : `${new URL(server.issuer).protocol}//${host}`;
}
