import type { Configuration, ServerMetadata, TokenEndpointResponse } from 'openid-client';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { togetherWith } from './claims.ts';
import { type Connector, library, type UpstreamIdentity, type UpstreamSettings } from './connector.ts';
import { failureOf } from './failure.ts';
import { checkHmac } from './id-token-hmac.ts';
import { identityOf, nameBeside } from './identity.ts';

/** The values that a browser is sent to a provider with, and that its return is checked against. */
export interface Expected {
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  verifier: string;
}

/** The client side of one provider. */
export interface UpstreamParty {
  /** The URL of the authorization request. `again` requests reauthentication. Throws `UPSTREAM_UNAVAILABLE`. */
  authorizationUrl(expected: Expected, options: { again: boolean }): Promise<string>;
  /**
   * Exchanges a response for the person's identity. Throws `UPSTREAM_DENIED`, `UPSTREAM_UNAVAILABLE`, and
   * `UPSTREAM_INVALID` for a response that is not this provider's response to this request.
   */
  redeem(response: Readonly<Record<string, string>>, expected: Expected): Promise<UpstreamIdentity>;
  /** The metadata from discovery, or from the connector instead. Throws `UPSTREAM_UNAVAILABLE`. */
  metadata(): Promise<ServerMetadata>;
  /** Revokes a token (RFC 7009). Throws if the revocation is not confirmed. */
  revoke(token: string): Promise<void>;
}

interface Deps {
  settings: UpstreamSettings;
  connector: Connector;
  redirectUri: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

const TIMEOUT_SECONDS = 3;
/** How long discovery is cached. The library refetches keys when they are old or a key id is unknown. */
const DISCOVERY_MS = HOUR_SECONDS * 1000;
/** The delay before failed discovery is retried; until then the previous metadata is used. */
const RETRY_MS = 60_000;

const invalid = (): AppError => new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid' });

export function upstreamParty({ settings, connector, redirectUri, fetch, clock }: Deps): UpstreamParty {
  let known: { configuration: Configuration; at: number } | undefined;
  /** Concurrent callers share one request. */
  let pending: Promise<Configuration> | undefined;

  async function configure(): Promise<Configuration> {
    const openid = await library();
    const { issuer, metadata, idTokenAlg, clientAuth } = connector;
    const client = idTokenAlg === undefined ? {} : { id_token_signed_response_alg: idTokenAlg };
    const auth = await clientAuth(clock);
    const request = (url: string, init: object) => fetch(new URL(url), init as RequestInit);
    // the guard of outbound requests, which also sees the endpoints, decides whether plain http is allowed
    const insecure = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [];
    if (metadata === undefined)
      return openid.discovery(new URL(issuer), settings.clientId, client, auth, {
        [openid.customFetch]: request,
        timeout: TIMEOUT_SECONDS,
        execute: [...insecure, ...(idTokenAlg === undefined ? [openid.enableNonRepudiationChecks] : [])],
      });
    const configuration = new openid.Configuration(metadata, settings.clientId, client, auth);
    configuration[openid.customFetch] = request;
    configuration.timeout = TIMEOUT_SECONDS;
    for (const allow of insecure) allow(configuration);
    return configuration;
  }

  /** The previous configuration is used while discovery fails. */
  async function configuration(): Promise<Configuration> {
    const now = clock.now().getTime();
    if (known && now - known.at < DISCOVERY_MS) return known.configuration;
    try {
      pending ??= configure().finally(() => {
        pending = undefined;
      });
      known = { configuration: await pending, at: now };
    } catch (error) {
      if (!known) throw new AppError('UPSTREAM_UNAVAILABLE', { reason: 'unavailable', cause: error });
      known.at = now - DISCOVERY_MS + RETRY_MS;
    }
    return known.configuration;
  }

  async function claimsOf(tokens: TokenEndpointResponse & { claims(): object | undefined }) {
    if (connector.profileBy) return connector.profileBy(tokens.access_token);
    const claims = tokens.claims() as { sub: string } | undefined;
    if (!claims) throw invalid();
    if (connector.idTokenAlg) checkHmac(tokens.id_token ?? '', settings.clientSecret ?? '');
    const party = await configuration();
    if (!connector.hasUserinfo || party.serverMetadata().userinfo_endpoint === undefined) return claims;
    const { fetchUserInfo } = await library();
    return togetherWith(claims, await fetchUserInfo(party, tokens.access_token, claims.sub));
  }

  return {
    async authorizationUrl({ state, nonce, verifier }, { again }) {
      const party = await configuration();
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await library();
      const url = buildAuthorizationUrl(party, {
        redirect_uri: redirectUri,
        scope: connector.scope,
        state,
        ...(connector.profileBy ? {} : { nonce }),
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(connector.responseMode ? { response_mode: connector.responseMode } : {}),
        ...(again ? connector.reauthentication : {}),
      });
      return url.href;
    },
    async redeem({ user, ...response }, { state, nonce, verifier }) {
      const party = await configuration();
      const { authorizationCodeGrant } = await library();
      const url = new URL(redirectUri);
      url.search = String(new URLSearchParams(response));
      try {
        const tokens = await authorizationCodeGrant(party, url, {
          expectedState: state,
          pkceCodeVerifier: verifier,
          ...(connector.profileBy ? {} : { expectedNonce: nonce, idTokenExpected: true }),
        });
        const claims = await claimsOf(tokens);
        const identity = identityOf({ ...nameBeside(user), ...claims }, connector);
        return connector.revokes ? { ...identity, revocable: tokens.refresh_token } : identity;
      } catch (error) {
        throw failureOf(error);
      }
    },
    metadata: async () => (await configuration()).serverMetadata(),
    async revoke(token) {
      const { tokenRevocation } = await library();
      await tokenRevocation(await configuration(), token, { token_type_hint: 'refresh_token' });
    },
  };
}
