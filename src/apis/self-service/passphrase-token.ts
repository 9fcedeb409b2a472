import { createHmac } from 'node:crypto';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A compact JWT (RFC 7519, RFC 7515 §3.1) that shows a new pass phrase to the bearer of a mailed code: HS256 under the
 * bytes of the code, no other header, no other claim. It encrypts nothing; clients check it to know that the answer
 * belongs to the code that they sent.
 */
export function passphraseToken(passphrase: string, code: string): string {
  const signed = `${encoded({ alg: 'HS256' })}.${encoded({ passphrase })}`;
  return `${signed}.${createHmac('sha256', code).update(signed).digest('base64url')}`;
}
