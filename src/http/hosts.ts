const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** Normalises a host, with its port, for comparison: lower case, without the default port of the scheme (`https:`). */
export function normaliseHost(host: string, protocol: string): string {
  const defaultPort = protocol === 'https:' ? ':443' : ':80';
  const lower = host.toLowerCase();
  return lower.endsWith(defaultPort) ? lower.slice(0, -defaultPort.length) : lower;
}

/** True for `localhost`, `127.0.0.1` and `[::1]`, with any port or none. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host.toLowerCase());
