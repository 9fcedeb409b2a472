import { sha256 } from '../../lib/sha256.ts';

/** The type of app that a sign-in came through, for partners that query when an account was last used. */
export type Channel = 'app' | 'web' | 'stb';

/**
 * A client's registration: the metadata of RFC 7591 and OpenID Connect Registration, and extension members. Never
 * contains secrets.
 */
export interface ClientMetadata {
  client_id: string;
  client_name?: string;
  redirect_uris?: string[];
  grant_types?: string[];
  response_types?: string[];
  scope?: string;
  token_endpoint_auth_method?: string;
  backchannel_logout_uri?: string;
  /** Extension: operated by the deployment itself. Needs no consent and may be granted `global`. */
  first_party?: boolean;
  /** Extension: public clients always rotate their refresh tokens; other clients rotate them if this is set. */
  rotate_refresh_tokens?: boolean;
  channel?: Channel;
  /** The number by which partners identify it. Defaults to its ID if that is a number. */
  number?: number;
  /** `partner`: the code exchange that is bound to a mobile number. */
  token_profile?: 'partner';
  /** Scopes of resource servers that it receives by client credentials, without a person's consent. */
  client_credentials_scope?: string;
  /** Rules for the tokens of persons that it may exchange, and for the tokens it receives (RFC 8693). */
  token_exchange?: unknown[];
  /** Providers whose bindings it may write. */
  bindings?: string[];
  /** Its own resource servers (RFC 8707), whose tokens it introspects. */
  resources?: string[];
  /** The resource of requests that specify none; they receive access tokens for it. */
  default_resource?: string;
  /** Whether ID tokens contain the claims of scopes, which userinfo returns in any case. */
  scope_claims_in_id_token?: boolean;
  reset_uris?: string[];
  activate_uris?: string[];
  [member: string]: unknown;
}

export type SecretKind = 'secret' | 'api_key' | 'mobile_key';

export interface StoredClient {
  metadata: ClientMetadata;
  dynamic: boolean;
  /** Valid client secrets, newest first; two during a rotation. */
  secrets: string[];
  createdAt: Date;
}

/**
 * The registration of a new client, with the defaults of the extension members. Many libraries read only the ID token,
 * so it contains the claims of scopes by default. Clients with the partner profile do not need them there.
 */
export const withDefaults = (metadata: ClientMetadata): ClientMetadata => ({
  ...(metadata.token_profile === undefined ? { scope_claims_in_id_token: true } : {}),
  ...metadata,
});

/** OpenID Connect Client-Initiated Backchannel Authentication Core §10.1. */
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** Grants whose tokens belong to a person and can be refreshed. */
const OF_PERSONS: readonly string[] = [
  'authorization_code',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  CIBA_GRANT,
];

/** Returns whether these grants include refreshing, but none that issues tokens that can be refreshed. */
export const onlyRefreshes = (grants: readonly string[]): boolean =>
  grants.includes('refresh_token') && !grants.some((grant) => OF_PERSONS.includes(grant));

/** A version that changes with the registration: a strong entity tag without its quotes. */
export const versionOf = (metadata: ClientMetadata): string =>
  sha256(JSON.stringify(metadata)).toString('base64url').slice(0, 22);

/** The names of the members in which two registrations differ. */
export const changedMembers = (before: ClientMetadata, after: ClientMetadata): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]),
  );
