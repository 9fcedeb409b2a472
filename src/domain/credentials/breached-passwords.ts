import { createHash } from 'node:crypto';
import { normalisePassword } from '../../lib/passwords/password-text.ts';

/** Whether a password is among those of known breaches. Never throws: a service that fails finds nothing. */
export type IsBreached = (password: string) => Promise<boolean>;

/** How long an answer may take. */
export const BREACH_CHECK_MS = 1000;
/** A range has about 2,000 lines of 40 bytes, padding included. */
export const BREACH_CHECK_BYTES = 262_144;

const PREFIX_DIGITS = 5;
const LINE = /^([0-9A-F]{35}):(\d+)$/;

interface Deps {
  /** Of Have I Been Pwned, or of a copy of its data. */
  url: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  /** Told when nothing could be found out, with a word for the reason. */
  onFailed: (reason: string) => void;
}

const reasonOf = (error: unknown): string => {
  const { reason } = error as { reason?: unknown };
  if (typeof reason === 'string') return reason;
  return (error as Error).name === 'TimeoutError' ? 'timeout' : 'network';
};

/**
 * Looks passwords up by k-anonymity (Pwned Passwords, range search): only the first five hexadecimal digits of the
 * SHA-1 are sent, and every range is padded, so that its length says nothing. Lines of padding have the count 0.
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
