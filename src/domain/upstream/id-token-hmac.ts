import { createHmac } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import { equalBytes } from '../../lib/constant-time.ts';

/**
 * Checks the HS256 signature of an ID token with the client secret (OpenID Connect Core §3.1.3.7, rule 8). The library
 * relies on the TLS connection instead. Throws `UPSTREAM_INVALID`.
 */
export function checkHmac(idToken: string, clientSecret: string): void {
  const [header = '', payload = '', signature = ''] = idToken.split('.');
  const expected = createHmac('sha256', clientSecret).update(`${header}.${payload}`).digest();
  const actual = Buffer.from(signature, 'base64url');
  if (!equalBytes(actual, expected)) throw new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid' });
}
