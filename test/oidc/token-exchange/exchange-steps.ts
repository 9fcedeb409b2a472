import { createClient, type TestClient } from '../../support/clients.ts';
import { authorize, redeem, tokenOf } from '../../support/code-flow.ts';
import type { TestServer } from '../../support/server.ts';

export const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
export const API = 'http://localhost:8080/api';
export const OPAQUE = 'http://localhost:8080/opaque';

/** A client whose users sign in. */
export const frontend = (server: TestServer, more: object = {}): Promise<TestClient> =>
  createClient(server, more);

/** A client with a policy. The rules leave out the members that are the same in all tests. */
export const backend = (server: TestServer, rules: object[], more: object = {}): Promise<TestClient> =>
  createClient(server, {
    grant_types: [GRANT, 'client_credentials'],
    response_types: [],
    redirect_uris: [],
    resources: [API, OPAQUE],
    client_credentials_scope: 'api:read',
    token_exchange: rules.map((rule) => ({
      resource: OPAQUE,
      scope: 'api:read',
      mode: 'delegation',
      ...rule,
    })),
    ...more,
  });

/** The tokens of a person who signs in for a resource. */
export async function signedIn(server: TestServer, client: TestClient, resource?: string) {
  const scope = resource === undefined ? 'openid offline_access' : 'openid offline_access api:read api:write';
  const flow = await authorize(server, client, { scope, resource });
  return (await redeem(server, client, flow)).body;
}

export const exchange = (
  server: TestServer,
  client: TestClient,
  token: string | undefined,
  more: Record<string, string> = {},
) =>
  tokenOf(server, client, {
    grant_type: GRANT,
    subject_token: token ?? '',
    subject_token_type: ACCESS_TOKEN,
    ...more,
  });
