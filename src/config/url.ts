import * as z from 'zod';
import { type PostgresAddress, postgresAddress } from '../lib/postgres-address.ts';
import { redisAddress } from '../lib/redis-address.ts';

const ENCODE = 'in a user name or password, encode # / ? @ : % as %23 %2F %3F %40 %3A %25';

const decodes = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Returns the problem of a URL, or undefined when it is valid. The URL is not quoted, because it may contain a
 * password.
 */
function urlProblem(text: string, schemes: readonly string[]): string | undefined {
  const wanted = schemes.map((scheme) => `${scheme}://`).join(' or ');
  if (/[\s\p{Cc}]/u.test(text)) return 'contains white space';
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) return `is not a URL: it must start with ${wanted}`;
  if (!schemes.includes(scheme.toLowerCase()))
    return `starts with ${scheme}://, but must start with ${wanted}`;
  const url = URL.parse(text);
  if (!url) return `is not a URL: invalid host or port; ${ENCODE}`;
  if (url.hostname === '' && !schemes.includes('postgres')) return 'has no host';
  if (text.includes('#')) return `contains a #; ${ENCODE}`;
  const isWeb = scheme.toLowerCase().startsWith('http');
  if (!isWeb && url.pathname.includes('@')) return `contains an @ after the host; ${ENCODE}`;
  if (![url.username, url.password].every(decodes)) return `contains an invalid %-encoding; ${ENCODE}`;
  return undefined;
}

/** Accepts a URL with one of the schemes, which are named without `://`. */
export const url = (...schemes: string[]) =>
  z.string().superRefine((text, { addIssue }) => {
    const message = urlProblem(text, schemes);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });

const POSTGRES = ['postgres', 'postgresql'];

/** Accepts the address of one or more PostgreSQL servers. `accepts` may refuse it with a reason. */
export const postgresUrl = (accepts: (address: PostgresAddress) => string | undefined = () => undefined) =>
  z.string().superRefine((text, { addIssue }) => {
    try {
      const address = postgresAddress(text);
      // other parsers do not accept a URL with several hosts
      const message = urlProblem(address.url, POSTGRES) ?? accepts(address);
      if (message !== undefined) addIssue({ code: 'custom', message });
    } catch (error) {
      const { message } = error as Error;
      const isParsed = !message.startsWith('is not a URL');
      addIssue({ code: 'custom', message: isParsed ? message : (urlProblem(text, POSTGRES) ?? message) });
    }
  });

/** Accepts the address of Redis, its sentinels or its cluster. */
export const redisUrl = z.string().superRefine((text, { addIssue }) => {
  try {
    redisAddress(text);
  } catch (error) {
    addIssue({ code: 'custom', message: (error as Error).message });
  }
});
