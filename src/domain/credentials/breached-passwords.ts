import { createHash } from 'node:crypto';
import { normalisePassword } from '../../lib/passwords/password-text.ts';

/** Returns whether a password occurs in known breaches. Never throws; returns false if the service fails. */
export type IsBreached = (password: string) => Promise<boolean>;

/** The time limit of a request. */
export const BREACH_CHECK_MS = 1000;
/** The size limit of a response. A range has about 2,000 lines of 40 bytes, including padding. */
export const BREACH_CHECK_BYTES = 262_144;

const PREFIX_DIGITS = 5;
const LINE = /^([0-9A-F]{35}):(\d+)$/;

interface Deps {
  /** The URL of Have I Been Pwned, or of a copy of its data. */
  url: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Called with a keyword for the reason when a password could not be checked. */
  onFailed: (reason: string) => void;
}

const reasonOf = (error: unknown): string => {
  const { reason } = error as { reason?: unknown };
  if (typeof reason === 'string') return reason;
  return (error as Error).name === 'TimeoutError' ? 'timeout' : 'network';
};

/**
 * Looks up passwords by k-anonymity (Pwned Passwords, range search). Only the first five hexadecimal digits of the
 * SHA-1 are sent. Every range is padded, so that its length reveals nothing. Padding lines have the count 0.
 */
export const breachedPasswords =
  ({ url, fetch, onFailed }: Deps): IsBreached =>
  async (password) => {
    const digest = createHash('sha1').update(normalisePassword(password)).digest('hex').toUpperCase();
    const [prefix, suffix] = [digest.slice(0, PREFIX_DIGITS), digest.slice(PREFIX_DIGITS)];
    try {
      const response = await fetch(new URL(`/range/${prefix}`, url), {
        headers: { 'add-padding': 'true' },
        signal: AbortSignal.timeout(BREACH_CHECK_MS),
      });
      const lines = (await response.text())
        .split(/\r?\n/)
        .filter(Boolean)
        .map((line) => LINE.exec(line));
      if (response.status !== 200 || lines.length === 0 || lines.includes(null)) {
        onFailed('response');
        return false;
      }
      return lines.some((found) => found?.[1] === suffix && Number(found[2]) > 0);
    } catch (error) {
      onFailed(reasonOf(error));
      return false;
    }
  };
