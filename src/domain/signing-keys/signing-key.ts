import { createHash, generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

export type SigningAlg = 'RS256' | 'PS256' | 'ES256';
/** Each algorithm has its own keys: an RSA key is used with one padding only (RFC 8017 §8, RFC 8725 §3.2). */
export const SIGNING_ALGS: readonly SigningAlg[] = ['RS256', 'PS256', 'ES256'];

/**
 * `next` is published but does not sign yet. `current` signs. `previous` is still published, so that its signatures can
 * be verified. `removed` is no longer in the key set.
 */
export type KeyState = 'next' | 'current' | 'previous' | 'removed';

export interface SigningKey {
  kid: string;
  alg: SigningAlg;
  state: KeyState;
  createdAt: Date;
  changedAt: Date;
}

/** A key with its private part, as a JWK (RFC 7517). */
export type PrivateSigningKey = SigningKey & { jwk: JsonWebKey };

const generate = promisify(generateKeyPair);

/** The members that a key's thumbprint covers, in the order of RFC 7638 §3.2. */
const THUMBPRINT_MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'] } as const;

/** RFC 7638: the same key has the same id everywhere. */
export function thumbprint(jwk: JsonWebKey): string {
  const members = THUMBPRINT_MEMBERS[jwk.kty as keyof typeof THUMBPRINT_MEMBERS];
  const canonical = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
  return createHash('sha256').update(canonical).digest('base64url');
}

/** A new private key: RSA of 2,048 bits, or P-256. */
export async function generateSigningKey(alg: SigningAlg): Promise<{ kid: string; jwk: JsonWebKey }> {
  const { privateKey } =
    alg === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  return { kid: thumbprint(jwk), jwk };
}
