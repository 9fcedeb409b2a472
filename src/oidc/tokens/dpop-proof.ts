import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { sha256 } from '../../lib/sha256.ts';

/** The values that a proof must match (RFC 9449 §4.3). */
export interface Expected {
  method: string;
  /** Without query and fragment. */
  url: string;
  accessToken: string;
  /** The thumbprint that the token is bound to. */
  thumbprint: string;
  nowSeconds: number;
}

/** The same as the library's for its own endpoints. */
const WINDOW_SECONDS = 300;

const decoded = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The required members of a public key in their order (RFC 7638 §3.2). */
const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
};

/** Algorithms of proofs, with the key type and the digest of each. */
const ALGORITHMS: Readonly<Record<string, { kty: string; crv: string; digest: string | null }>> = {
  ES256: { kty: 'EC', crv: 'P-256', digest: 'sha256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', digest: null },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', digest: null },
};

function thumbprintOf(jwk: JsonWebKey): string {
  const members = THUMBPRINT_MEMBERS[jwk.kty ?? ''] ?? [];
  const text = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
  return createHash('sha256').update(text).digest('base64url');
}

function isSigned(header: Record<string, unknown>, signed: string, signature: string | undefined): boolean {
  const jwk = header.jwk as JsonWebKey | undefined;
  const algorithm = ALGORITHMS[String(header.alg)];
  if (!jwk || !algorithm || jwk.kty !== algorithm.kty || jwk.crv !== algorithm.crv || jwk.d) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const options = { key, dsaEncoding: 'ieee-p1363' as const };
  return verify(algorithm.digest, Buffer.from(signed), options, Buffer.from(signature ?? '', 'base64url'));
}

function sameUrl(htu: unknown, url: string): boolean {
  const given = typeof htu === 'string' ? URL.parse(htu) : null;
  if (!given) return false;
  given.search = '';
  given.hash = '';
  return given.href === new URL(url).href;
}

/** Returns the `jti` of a valid proof, which must be accepted only once; undefined for any other text. */
export function provedBy(proof: string, expected: Expected): string | undefined {
  try {
    const [head, body, signature, ...rest] = proof.split('.');
    const [header, claims] = [decoded(head), decoded(body)];
    const { jti, iat, htm, htu, ath } = claims;
    const valid =
      rest.length === 0 &&
      header.typ === 'dpop+jwt' &&
      typeof jti === 'string' &&
      jti !== '' &&
      typeof iat === 'number' &&
      Math.abs(expected.nowSeconds - iat) <= WINDOW_SECONDS &&
      htm === expected.method &&
      sameUrl(htu, expected.url) &&
      ath === sha256(expected.accessToken).toString('base64url') &&
      isSigned(header, `${head}.${body}`, signature) &&
      thumbprintOf(header.jwk as JsonWebKey) === expected.thumbprint;
    return valid ? jti : undefined;
  } catch {
    return undefined;
  }
}
