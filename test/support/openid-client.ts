import * as client from 'openid-client';
import type { TestClient } from './clients.ts';

/** openid-client, configured by discovery alone, for a server that tests reach over plain HTTP. */
export const discover = (
  { url }: { url: string },
  { id, secret }: TestClient,
  authentication: client.ClientAuth = secret ? client.ClientSecretBasic(secret) : client.None(),
  metadata: Partial<client.ClientMetadata> = {},
): Promise<client.Configuration> =>
  client.discovery(new URL(url), id, metadata, authentication, { execute: [client.allowInsecureRequests] });
