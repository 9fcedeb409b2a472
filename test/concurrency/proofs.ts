import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface ProofKeys {
  privateKey: CryptoKey;
  publicJwk: Awaited<ReturnType<typeof exportJWK>>;
}

export async function proofKeys(): Promise<ProofKeys> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateKey, publicJwk: await exportJWK(publicKey) };
}

/** A DPoP proof (RFC 9449 §4.2) for a POST. */
export const dpopProof = ({ privateKey, publicJwk }: ProofKeys, htu: string): Promise<string> =>
  new SignJWT({ htm: 'POST', htu, jti: crypto.randomUUID() })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk })
    .setIssuedAt()
    .sign(privateKey);

/** The assertion by which a client with keys authenticates (RFC 7523 §2.2). */
export const clientAssertion = (
  { privateKey }: ProofKeys,
  clientId: string,
  audience: string,
): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey);
