import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * A rotating refresh token may be lost on the way to its client. So the first answer stays on the used record for a
 * few seconds, encrypted under the used token itself, which is stored nowhere: who presents it again reads it, and
 * nobody else can, not even with the database and its keys.
 */
const IV_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', 'pratu refresh answer', 32));

/** What a repetition must ask for to be one: the same client, scope and resource. */
function requestOf(ctx: KoaContextWithOIDC): Buffer {
  const { client, params } = ctx.oidc;
  return Buffer.from(
    JSON.stringify([client?.clientId, params?.scope ?? null, [params?.resource ?? []].flat()]),
  );
}

/** The answer sealed under the used token, base64. */
export function sealAnswer(ctx: KoaContextWithOIDC, token: string, answer: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), iv).setAAD(requestOf(ctx));
  return Buffer.concat([iv, cipher.update(answer), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** The first answer; undefined when this request asks for something else than the first did. */
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
