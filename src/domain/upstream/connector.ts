import type { ClientAuth, ServerMetadata } from 'openid-client';
import type { Clock } from '../../lib/clock.ts';

export type UpstreamKind = 'google' | 'line' | 'apple' | 'facebook' | 'oidc';

/** A provider as the settings describe it. */
export interface UpstreamSettings {
  id: string;
  kind: UpstreamKind;
  clientId: string;
  clientSecret?: string | undefined;
  teamId?: string | undefined;
  keyId?: string | undefined;
  /** P-256, in PEM. */
  privateKey?: string | undefined;
  issuer?: string | undefined;
  name?: { th: string; en: string } | undefined;
  trustEmail?: boolean | undefined;
}

/** What a provider says of the person who signed in there. */
export interface UpstreamIdentity {
  /** The person's identifier at the provider: `sub` (OpenID Connect Core §2). */
  externalId: string;
  email?: string | undefined;
  /** The provider has verified the address, and is trusted to. */
  emailVerified: boolean;
  firstName?: string | undefined;
  lastName?: string | undefined;
  picture?: string | undefined;
  /** A token that is revoked when the link ends. */
  revocable?: string | undefined;
}

export type UpstreamClaims = Readonly<Record<string, unknown>>;

/** Where providers differ from the code flow of OpenID Connect Core §3.1. */
export interface Connector {
  issuer: string;
  /** In place of discovery. */
  metadata?: ServerMetadata;
  scope: string;
  /** How the response comes, where it is not the query. */
  responseMode?: 'form_post';
  /** The algorithm of its ID tokens, whatever its discovery says; by default one that discovery lists. */
  idTokenAlg?: 'HS256';
  /** Whether claims that the ID token lacks are at the userinfo endpoint. */
  hasUserinfo?: boolean;
  /** Whether its refresh tokens must be revoked when the link ends. */
  revokes?: boolean;
  /** Parameters that have the provider ask who it is again. */
  reauthentication: Readonly<Record<string, string>>;
  clientAuth(clock: Clock): Promise<ClientAuth>;
  /** Whether `email_verified` counts. */
  trustsEmail: boolean;
  /** Reads the person by an access token, for a provider without ID tokens. Throws as `FacebookGraph`. */
  profileBy?(accessToken: string): Promise<UpstreamClaims>;
}

/** A connector loads the library for its first request: most deployments have none. */
export const library = () => import('openid-client');
