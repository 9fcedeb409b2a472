import type { ClientMetadata } from '../../domain/clients/client.ts';

/** The values that are inserted into the snippets of a framework. */
export interface Values {
  /** The issuer, without a slash at the end. */
  issuer: string;
  id: string;
  /** Empty for a client without a secret. */
  secret: string;
  /** The first redirect URI, or empty for a client without redirect URIs. */
  redirectUri: string;
  /** The address of the application, without a slash at the end. Empty when it has no address. */
  url: string;
  /** The API key of a partner. */
  apiKey: string;
  mobileKey: string;
  /** The resource server that the client represents, or for which it gets tokens. */
  resource: string;
  /** The scopes of the client credentials grant. */
  ownScope: string;
}

/** Lines for one file of the application. */
export interface Snippet {
  file: string;
  /** The language of a fenced block in Markdown. */
  language: string;
  text: string;
}

/** The registration that a framework or kind of application needs, and the lines that its developer pastes. */
export interface Framework {
  /** The usual name, including the library. */
  title: string;
  /** The usual address of its development server. Undefined for applications without an address. */
  url?: string;
  /** Redirect URIs: paths relative to the address, or complete URIs. */
  redirect: readonly string[];
  /** The option that the command requires. */
  needs?: 'redirectUri' | 'resource';
  /** An example for that option. */
  example?: string;
  metadata: Partial<ClientMetadata>;
  snippets: (values: Values) => readonly Snippet[];
  /** Additional instructions of one or two sentences. */
  remark?: string;
}

/** The scopes of an application that shows the signed-in person. */
export const SIGN_IN_SCOPE = 'openid profile email';

/** The scopes registered for applications that people sign in to. A request names the ones that it needs. */
const REGISTERED_SCOPE = 'openid profile email phone offline_access';

/** A web application whose server exchanges the code and authenticates with a secret. */
export const WEB: Partial<ClientMetadata> = {
  application_type: 'web',
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: REGISTERED_SCOPE,
  scope_claims_in_id_token: true,
};

/** A public client: PKCE is mandatory, and each refresh token can be used once. */
export const PUBLIC: Partial<ClientMetadata> = { ...WEB, token_endpoint_auth_method: 'none' };

/** A native app (RFC 8252). */
export const NATIVE: Partial<ClientMetadata> = { ...PUBLIC, application_type: 'native' };

/** Returns `NAME=value` lines, in the format of a file of environment variables. */
export const variables = (file: string, members: Record<string, string>): Snippet => ({
  file,
  language: 'ini',
  text: Object.entries(members)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n'),
});
