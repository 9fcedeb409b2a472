import { sha256 } from '../../lib/sha256.ts';

/** Which app a sign-in came through, for partners that ask when an account was last used. */
export type Channel = 'app' | 'web' | 'stb';

/**
 * A client's registration: the metadata of RFC 7591 and OpenID Connect Registration, and our own members. Secrets
 * are never in here.
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
  /** Ours: runs under our name, needs no consent and may be granted `global`. */
  first_party?: boolean;
  /** Ours: public clients always rotate their refresh tokens, others when they ask. */
  rotate_refresh_tokens?: boolean;
  channel?: Channel;
  /** The number that partners know it by; its id where that is a number. */
  number?: number;
  /** `partner`: the code exchange that is bound to a mobile number. */
  token_profile?: 'partner';
  /** Scopes of resource servers that it gets by client credentials, without a person to ask. */
  client_credentials_scope?: string;
  /** Tokens of persons that it may exchange for others, and for which (RFC 8693): a list of rules. */
  token_exchange?: unknown[];
  /** Providers whose bindings it may write. */
  bindings?: string[];
  /** Resource servers (RFC 8707) that are its own: it introspects their tokens. */
  resources?: string[];
  /** The resource of requests that name none; they get access tokens for it. */
  default_resource?: string;
  /** Whether ID tokens carry the claims of scopes, which are at userinfo in any case. */
  scope_claims_in_id_token?: boolean;
  reset_uris?: string[];
  activate_uris?: string[];
  [member: string]: unknown;
}

export type SecretKind = 'secret' | 'api_key' | 'mobile_key';

export interface StoredClient {
  metadata: ClientMetadata;
  dynamic: boolean;
  /** Valid client secrets, newest first: two while a client rotates. */
  secrets: string[];
  createdAt: Date;
}

/**
 * The registration of a new client, with the defaults of our own members. Many libraries read the ID token only, so it
 * carries the claims of scopes; partners know theirs without.
 */
export const withDefaults = (metadata: ClientMetadata): ClientMetadata => ({
  ...(metadata.token_profile === undefined ? { scope_claims_in_id_token: true } : {}),
  ...metadata,
});

/** OpenID Connect Client-Initiated Backchannel Authentication Core §10.1. */
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** Grants whose tokens are of a person, and may be refreshed. */
const OF_PERSONS: readonly string[] = [
  'authorization_code',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  CIBA_GRANT,
];

/** Whether these grants can refresh tokens and never get any that can be refreshed. */
export const onlyRefreshes = (grants: readonly string[]): boolean =>
  grants.includes('refresh_token') && !grants.some((grant) => OF_PERSONS.includes(grant));

/** Changes whenever the registration changes: a strong entity tag without its quotes. */
export const versionOf = (metadata: ClientMetadata): string =>
  sha256(JSON.stringify(metadata)).toString('base64url').slice(0, 22);

/** The names of the members in which two registrations differ. */
export const changedMembers = (before: ClientMetadata, after: ClientMetadata): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]),
  );
