import { randomHex, randomToken } from '../../lib/ids.ts';
import type { ClientMetadata, SecretKind } from './client.ts';
import { newMobileKey } from './encrypted-mobile.ts';

/** Generates a secret of each kind. An API key is sent in its own header and is hexadecimal, as existing keys are. */
export const NEW_SECRET: Readonly<Record<SecretKind, () => string>> = {
  secret: () => randomToken(256),
  api_key: () => randomHex(224),
  mobile_key: newMobileKey,
};

/** Returns whether a client with this registration has secrets of a kind. */
export function hasSecret(
  { token_endpoint_auth_method: method = 'client_secret_basic', token_profile: profile }: ClientMetadata,
  kind: SecretKind,
): boolean {
  return kind === 'secret' ? method.startsWith('client_secret') : profile === 'partner';
}

/** Generates a secret of each kind that a client with this registration has. */
export const newSecrets = (metadata: ClientMetadata): Partial<Record<SecretKind, string>> =>
  Object.fromEntries(
    (Object.keys(NEW_SECRET) as SecretKind[])
      .filter((kind) => hasSecret(metadata, kind))
      .map((kind) => [kind, NEW_SECRET[kind]()]),
  );
