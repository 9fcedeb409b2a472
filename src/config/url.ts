import { z } from 'zod';

const ENCODE = 'in a user name or password, # / ? @ : % are written %23 %2F %3F %40 %3A %25';

const decodes = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a URL, in words that hold nothing of it, since it may have a password; undefined when nothing is. */
export function urlProblem(text: string, schemes: readonly string[]): string | undefined {
  const wanted = schemes.map((scheme) => `${scheme}://`).join(' or ');
  if (/[\s\p{Cc}]/u.test(text)) return 'has white space in it';
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) return `is not a URL: it must begin with ${wanted}`;
  if (!schemes.includes(scheme.toLowerCase()))
    return `begins with ${scheme}://, but must begin with ${wanted}`;
  const url = URL.parse(text);
  if (!url) return `is not a URL: host or port cannot be read; ${ENCODE}`;
  if (url.hostname === '' && !schemes.includes('postgres')) return 'names no host';
  if (text.includes('#')) return `has a # in it; ${ENCODE}`;
  const isWeb = scheme.toLowerCase().startsWith('http');
  if (!isWeb && url.pathname.includes('@')) return `has an @ behind the host; ${ENCODE}`;
  if (![url.username, url.password].every(decodes)) return `has a % that encodes nothing; ${ENCODE}`;
  return undefined;
}

/** A URL of one of the schemes, which are named without `://`. */
export const url = (...schemes: string[]) =>
  z.string().superRefine((text, { addIssue }) => {
    const message = urlProblem(text, schemes);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });
