import type { ClientAuth, ServerMetadata } from 'openid-client';
import type { Clock } from '../../lib/clock.ts';

export type UpstreamKind = 'google' | 'line' | 'apple' | 'facebook' | 'oidc';

/** A provider as configured. */
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

/** The person who signed in at a provider, according to the provider. */
export interface UpstreamIdentity {
  /** The person's identifier at the provider: `sub` (OpenID Connect Core §2). */
  externalId: string;
  email?: string | undefined;
  /** True if the provider has verified the address and is trusted to do so. */
  emailVerified: boolean;
  firstName?: string | undefined;
  lastName?: string | undefined;
  picture?: string | undefined;
  /** A token to be revoked when the link ends. */
  revocable?: string | undefined;
}

export type UpstreamClaims = Readonly<Record<string, unknown>>;

/** The differences of a provider from the code flow of OpenID Connect Core §3.1. */
export interface Connector {
  issuer: string;
  /** The metadata, instead of discovery. */
  metadata?: ServerMetadata;
  scope: string;
  /** The response mode, if it is not the query. */
  responseMode?: 'form_post';
  /** The algorithm of its ID tokens, regardless of discovery. Defaults to one that discovery lists. */
  idTokenAlg?: 'HS256';
  /** Whether the userinfo endpoint has claims that the ID token lacks. */
  hasUserinfo?: boolean;
  /** Whether its refresh tokens must be revoked when the link ends. */
  revokes?: boolean;
  /** The parameters that request reauthentication at the provider. */
  reauthentication: Readonly<Record<string, string>>;
  clientAuth(clock: Clock): Promise<ClientAuth>;
  /** Whether `email_verified` is trusted. */
  trustsEmail: boolean;
  /** Reads the person with an access token, for a provider without ID tokens. Throws what `FacebookGraph` throws. */
  profileBy?(accessToken: string): Promise<UpstreamClaims>;
}

/** Loads the library on a connector's first request, as most deployments have no connector. */
export const library = () => import('openid-client');
