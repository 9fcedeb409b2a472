import type { Configuration } from 'oidc-provider';

/**
 * Returns the settings of cookies, which contain only ids. With https, the session's name starts with `__Host-`. The
 * interaction's cookies have a path, which `__Host-` forbids, so their names start with `__Secure-`.
 */
export function cookies(keys: readonly Buffer[], secure: boolean): NonNullable<Configuration['cookies']> {
  const options = { httpOnly: true, sameSite: 'lax', signed: true, secure } as const;
  return {
    keys: keys.map((key) => key.toString('base64')),
    long: options,
    short: options,
    names: secure
      ? { session: '__Host-sid', interaction: '__Secure-interaction', resume: '__Secure-resume' }
      : { session: 'sid', interaction: 'interaction', resume: 'resume' },
  };
}
