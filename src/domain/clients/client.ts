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
  /** Providers whose bindings it may write. */
  bindings?: string[];
  /** Resource servers (RFC 8707) that are its own: it introspects their tokens. */
  resources?: string[];
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
