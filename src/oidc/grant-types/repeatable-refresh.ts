import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * A rotating refresh token may be lost on the way to its client. The first response therefore stays on the used record
 * for a few seconds, encrypted under the used token, which is not stored. A client that presents this token again can
 * read the response. No other party can, not even with the database and its keys.
 */
const IV_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', 'pratu refresh answer', 32));

/** Returns the parts of a request that a repetition must have in common with the first: client, scope and resource. */
function requestOf(ctx: KoaContextWithOIDC): Buffer {
  const { client, params } = ctx.oidc;
  return Buffer.from(
    JSON.stringify([client?.clientId, params?.scope ?? null, [params?.resource ?? []].flat()]),
  );
}

/** Returns the response sealed under the used token, in base64. */
export function sealAnswer(ctx: KoaContextWithOIDC, token: string, answer: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), iv).setAAD(requestOf(ctx));
  return Buffer.concat([iv, cipher.update(answer), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Returns the first response; undefined if this request differs from the first. */
export function openAnswer(ctx: KoaContextWithOIDC, token: string, sealed: Buffer): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), sealed.subarray(0, IV_BYTES))
    .setAAD(requestOf(ctx))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch {
    return undefined;
  }
}
