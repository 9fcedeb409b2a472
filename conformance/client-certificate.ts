import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { Agent, fetch as undici } from 'undici';
import { sha256 } from '../src/lib/sha256.ts';
import { CERTIFICATES } from '../test/support/client-certificates.ts';
import { type Answer, answerOf, type Target } from './target.ts';

/** `own` is self-signed; `client` and `other` are signed by an authority. */
export type CertificateName = 'own' | 'client' | 'other';

/** Returns the endpoint for requests with a certificate (RFC 8705 §5). */
export function mutualEndpoint(target: Target, name: string): string {
  const { mtls_endpoint_aliases: aliases } = target.metadata as {
    mtls_endpoint_aliases?: Record<string, string>;
  };
  return aliases?.[name] ?? target.endpoint(name);
}

/** Sends a request with a client certificate, or without one. Posts `fields` if they are given. */
export async function showing(
  name: CertificateName | undefined,
  url: string,
  { fields, headers = {} }: { fields?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const shown = name === undefined ? {} : CERTIFICATES[name];
  const dispatcher = new Agent({ connect: { ca: getCACertificates('default'), ...shown } });
  try {
    const init = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {};
    return await answerOf((await undici(url, { ...init, headers, dispatcher } as never)) as never);
  } finally {
    await dispatcher.close();
  }
}

/** Returns a key set with the certificate, for `self_signed_tls_client_auth` (RFC 8705 §2.2.2). */
export function keysWith(name: CertificateName) {
  const { publicKey, raw } = new X509Certificate(CERTIFICATES[name].cert);
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] }] };
}

/** Returns the thumbprint `x5t#S256` (RFC 8705 §3.1). */
export const thumbprintOf = (name: CertificateName): string =>
  sha256(new X509Certificate(CERTIFICATES[name].cert).raw).toString('base64url');
