/** A client that is registered at both servers with the same metadata (RFC 7591). */
export interface BenchClient {
  client_id: string;
  client_secret: string;
}

export interface BenchClients {
  app: BenchClient;
  machine: BenchClient;
}

export const REDIRECT_URI = 'http://localhost:8080/cb';
/** The resource server of the development settings. Its access tokens are JWTs. */
export const RESOURCE = 'http://localhost:8080/api';

/** Signs people in. Each of its refresh tokens can be used once, like those of apps. */
export const APP = {
  client_id: 'bench-app',
  first_party: true,
  rotate_refresh_tokens: true,
  grant_types: ['authorization_code', 'refresh_token', 'password'],
  response_types: ['code'],
  redirect_uris: [REDIRECT_URI],
  id_token_signed_response_alg: 'ES256',
  scope: 'openid profile email global',
};

/** Uses the client credentials grant. */
export const MACHINE = {
  client_id: 'bench-machine',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  client_credentials_scope: 'api:read',
};

/** The `Authorization` header of client authentication (RFC 6749 §2.3.1). */
export const basic = ({ client_id, client_secret }: BenchClient): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`).toString('base64')}`;
