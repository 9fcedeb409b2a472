import type { ClientMetadata } from '../../domain/clients/client.ts';

/** What the lines of a framework are filled with. */
export interface Values {
  /** The issuer, without a slash at the end. */
  issuer: string;
  id: string;
  /** Empty for a client without one. */
  secret: string;
  /** The first redirect URI; empty for a client without one. */
  redirectUri: string;
  /** Where the application is, without a slash at the end; empty where it has no address. */
  url: string;
  /** Of a partner. */
  apiKey: string;
  mobileKey: string;
  /** The resource server that the client represents, or whose tokens it gets. */
  resource: string;
  /** Scopes that it gets without a person. */
  ownScope: string;
}

/** Lines for one file of the application. */
export interface Snippet {
  file: string;
  /** The language of a fenced block in Markdown. */
  language: string;
  text: string;
}

/** What one framework or kind of application needs of its registration, and what its developer pastes. */
export interface Framework {
  /** As its developers call it, with the library. */
  title: string;
  /** Where its development server usually listens; none for applications without an address. */
  url?: string;
  /** Redirect URIs: paths at the address, or whole URIs. */
  redirect: readonly string[];
  /** The option of the command that it cannot do without. */
  needs?: 'redirectUri' | 'resource';
  /** An example for that option. */
  example?: string;
  metadata: Partial<ClientMetadata>;
  snippets: (values: Values) => readonly Snippet[];
  /** What the lines alone do not say: one or two sentences. */
  remark?: string;
}

/** The scopes of an application that shows who is signed in. */
export const SIGN_IN_SCOPE = 'openid profile email';

/** Registered for applications of people; a request names those that it wants. */
const REGISTERED_SCOPE = 'openid profile email phone offline_access';

/** A web application whose server exchanges the code, with a secret. */
export const WEB: Partial<ClientMetadata> = {
  application_type: 'web',
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: REGISTERED_SCOPE,
  scope_claims_in_id_token: true,
};

/** An application without a secret: PKCE is mandatory, and each refresh token works once. */
export const PUBLIC: Partial<ClientMetadata> = { ...WEB, token_endpoint_auth_method: 'none' };

/** RFC 8252. */
export const NATIVE: Partial<ClientMetadata> = { ...PUBLIC, application_type: 'native' };

/** `NAME=value` lines, as programs read them from a file of environment variables. */
export const variables = (file: string, members: Record<string, string>): Snippet => ({
  file,
  language: 'ini',
  text: Object.entries(members)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n'),
});
