import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Creates a client assertion (RFC 7523 §3), which is valid except for the given changes. An `undefined` claim is
 * omitted.
 */
export function assertion(
  { url }: { url: string },
  clientId: string,
  key: CryptoKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { name: algorithm, namedCurve } = key.algorithm as { name: string; namedCurve?: string };
  const alg = algorithm === 'ECDSA' ? ({ 'P-256': 'ES256' }[namedCurve ?? ''] ?? '') : ALGORITHMS[algorithm];
  return new SignJWT({
    ...{ iss: clientId, sub: clientId, aud: url, jti: randomUUID(), iat: now, exp: now + 60 },
    ...claims,
  })
    .setProtectedHeader({ alg: alg ?? '', ...header })
    .sign(key);
}

/** The algorithms of keys, by their names in the Web Cryptography API. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'RSA-PSS': 'PS256',
  'RSASSA-PKCS1-v1_5': 'RS256',
  Ed25519: 'Ed25519',
};
