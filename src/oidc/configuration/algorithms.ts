import type { Configuration, Provider } from 'oidc-provider';
import { SIGNING_ALGS } from '../../domain/signing-keys/signing-key.ts';

type Enabled = NonNullable<Configuration['enabledJWA']>;

/** The algorithms with which the server signs, for the client to choose from. */
const SIGNING = [...SIGNING_ALGS];
/** The algorithms with which clients sign. */
const VERIFIED = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'] as const;

/**
 * Algorithms with keys of clients only. With a client secret (`dir`, `A128KW`), two parties would have the key, and a
 * change of the secret would make responses in transit unreadable.
 */
const KEY_ENCRYPTION = ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'] as const;
const CONTENT_ENCRYPTION = ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'] as const;

/** The enabled JOSE algorithms, by use (RFC 7518, RFC 9864). */
export const algorithms: Enabled = {
  authorizationSigningAlgValues: SIGNING,
  idTokenSigningAlgValues: SIGNING,
  introspectionSigningAlgValues: SIGNING,
  userinfoSigningAlgValues: SIGNING,

  clientAuthSigningAlgValues: [...VERIFIED],
  requestObjectSigningAlgValues: [...VERIFIED],
  dPoPSigningAlgValues: ['ES256', 'Ed25519', 'EdDSA'],

  authorizationEncryptionAlgValues: [...KEY_ENCRYPTION],
  authorizationEncryptionEncValues: [...CONTENT_ENCRYPTION],
  idTokenEncryptionAlgValues: [...KEY_ENCRYPTION],
  idTokenEncryptionEncValues: [...CONTENT_ENCRYPTION],
  introspectionEncryptionAlgValues: [...KEY_ENCRYPTION],
  introspectionEncryptionEncValues: [...CONTENT_ENCRYPTION],
  userinfoEncryptionAlgValues: [...KEY_ENCRYPTION],
  userinfoEncryptionEncValues: [...CONTENT_ENCRYPTION],
  // none: a client with a confidential request pushes it (RFC 9126), so no browser sees it and the server has no key to
  // rotate
  requestObjectEncryptionAlgValues: [],
  requestObjectEncryptionEncValues: [],
};

/** Removes empty lists from the metadata, as RFC 8414 §3.2 requires. */
export function omitEmptyLists(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'discovery') return;
    const metadata = ctx.body as Record<string, unknown>;
    for (const [member, value] of Object.entries(metadata))
      if (Array.isArray(value) && value.length === 0) delete metadata[member];
  });
}
