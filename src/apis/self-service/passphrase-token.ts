import { createHmac } from 'node:crypto';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Creates a compact JWT (RFC 7519, RFC 7515 §3.1) that returns a new pass phrase to the holder of a mailed code. It is
 * signed with HS256, with the bytes of the code as the key, and has no other header and no other claim. It encrypts
 * nothing. Clients verify it to check that the response belongs to the code that they sent.
 */
export function passphraseToken(passphrase: string, code: string): string {
  const signed = `${encoded({ alg: 'HS256' })}.${encoded({ passphrase })}`;
  return `${signed}.${createHmac('sha256', code).update(signed).digest('base64url')}`;
}
