import type { ClientMetadata } from '../../src/domain/clients/client.ts';
import { randomToken } from '../../src/lib/ids.ts';
import { recordId } from '../../src/storage/record.ts';
import type { TestServer } from './server.ts';

/** A client with the values that its developer has. */
export interface TestClient {
  id: string;
  /** Empty for a client without a secret. */
  secret: string;
  redirectUri: string;
}

export const REDIRECT_URI = 'http://localhost:8080/cb';

/** Registers a client as the operator would. Defaults to the code flow with every standard scope. */
export async function createClient(
  { domain }: Pick<TestServer, 'domain'>,
  metadata: Partial<ClientMetadata> = {},
  secret: string = randomToken(128),
): Promise<TestClient> {
  const id = metadata.client_id ?? `test-${randomToken(64)}`;
  const method = metadata.token_endpoint_auth_method ?? 'client_secret_basic';
  const hasSecret = method.startsWith('client_secret');
  const redirectUris = metadata.redirect_uris ?? [REDIRECT_URI];
  await domain.clients.create(
    {
      client_name: 'Test client',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile email phone address offline_access',
      ...metadata,
      redirect_uris: redirectUris,
      client_id: id,
    },
    hasSecret ? { secret } : {},
  );
  return { id, secret: hasSecret ? secret : '', redirectUri: redirectUris[0] ?? '' };
}

/** Returns a token that lets its holder register a client (RFC 7591 §3). */
export async function initialAccessToken({ domain }: Pick<TestServer, 'domain'>): Promise<string> {
  const kind = 'InitialAccessToken';
  const value = randomToken(256);
  const work = domain.records.unit();
  const iat = Math.floor(Date.now() / 1000);
  work.insert({
    id: recordId(kind, value),
    kind,
    payload: JSON.stringify({ kind, iat }),
    lifetime: 600,
  });
  await work.commit();
  return value;
}
