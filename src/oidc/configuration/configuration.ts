import type { Configuration } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import { REGISTRABLE_ACR_VALUES } from '../../domain/sign-in/methods.ts';
import type { PrivateSigningKey } from '../../domain/signing-keys/signing-key.ts';
import { CLOCK_SKEW, type Clock } from '../../lib/clock.ts';
import { type AdapterDeps, adapters } from '../adapter/adapter.ts';
import { type InteractionPolicyDeps, policy } from '../authentication/interaction-policy.ts';
import type { DetailsDeps } from '../authorization-details/feature.ts';
import { withNobody } from '../backchannel/hints.ts';
import type { BackchannelDeps } from '../backchannel/requests.ts';
import { type ClientDocumentsDeps, clientDocuments } from '../client-documents/client-documents.ts';
import type { OidcPages } from '../edge/pages.ts';
import { AUTHORIZATION_CHALLENGE, routes } from '../edge/routes.ts';
import { isFapi } from '../fapi/profile.ts';
import { rotateRefreshToken } from '../grant-types/refresh.ts';
import { type ExistingGrantDeps, existingGrant } from '../scopes/existing-grant.ts';
import { refuseAudience } from '../scopes/requested-resource.ts';
import { settleScope } from '../scopes/requested-scope.ts';
import { FIRST_PARTY_SCOPE, SCOPES } from '../scopes/scopes.ts';
import { type AllowedRoles, accessTokenClaims } from '../tokens/allowed-roles.ts';
import { claims } from '../tokens/claims.ts';
import { grantReference } from '../tokens/grant-reference.ts';
import { algorithms } from './algorithms.ts';
import { clientDefaults, clientMetadata } from './client-metadata.ts';
import { checkAssertion } from './clock-skew.ts';
import { cookies } from './cookies.ts';
import { features } from './features.ts';
import { lifetimes } from './lifetimes.ts';
import { endpointAliases, MUTUAL_TLS_AUTH, type MutualTls } from './mutual-tls.ts';
import { revokeGrantPolicy } from './revoke-grant-policy.ts';

export interface ConfigurationDeps
  extends AdapterDeps,
    ExistingGrantDeps,
    InteractionPolicyDeps,
    BackchannelDeps,
    DetailsDeps,
    ClientDocumentsDeps {
  issuer: string;
  tokens: Config['tokens'];
  mutualTls: MutualTls;
  resources: Config['resources'];
  introspection: Config['introspection'];
  clock: Clock;
  cookieKeys: readonly Buffer[];
  pages: OidcPages;
  pairwiseSubject: NonNullable<Configuration['pairwiseIdentifier']>;
  allowedRoles: AllowedRoles;
  findAccount: NonNullable<Configuration['findAccount']>;
  fetch: NonNullable<Configuration['fetch']>;
}

/**
 * Returns the keys in the order of their use: the library signs with the first that fits, so signing keys come first.
 */
const jwksOf = (keys: readonly PrivateSigningKey[]): NonNullable<Configuration['jwks']> => ({
  keys: keys.map(({ jwk, kid, alg }) => ({ ...jwk, kid, alg, use: 'sig' })) as NonNullable<
    Configuration['jwks']
  >['keys'],
});

/** Returns the library's complete configuration. */
export function configuration(deps: ConfigurationDeps, keys: readonly PrivateSigningKey[]): Configuration {
  const secure = deps.issuer.startsWith('https:');
  const documents = clientDocuments(deps);
  return {
    adapter: adapters(deps),
    jwks: jwksOf(keys),
    acrValues: REGISTRABLE_ACR_VALUES,
    allowOmittingSingleRegisteredRedirectUri: false,
    claims,
    clientAuthMethods: [
      ...(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const),
      ...(deps.mutualTls.enabled ? MUTUAL_TLS_AUTH : []),
    ],
    // the CORS middleware handles origins, before the library sees the request
    clientBasedCORS: () => false,
    clientDefaults,
    assertJwtClientAuthClaimsAndHeader: checkAssertion,
    clockTolerance: CLOCK_SKEW,
    // `find-account.ts` decides which clients receive the claims of scopes in the ID token as well
    conformIdTokenClaims: false,
    cookies: cookies(deps.cookieKeys, secure),
    discovery: {
      authorization_challenge_endpoint: deps.issuer + AUTHORIZATION_CHALLENGE,
      ...endpointAliases(deps.mutualTls, { hasBackchannel: deps.ciba.enabled }),
    },
    enabledJWA: algorithms,
    // POST /oauth/authorize redirects (303) to the same request by GET: the library's option would need SameSite=None
    enableHttpPostMethods: false,
    expiresWithSession: () => false,
    extraClientMetadata: clientMetadata,
    extraParams: { audience: refuseAudience, identity_provider: null, scope: settleScope },
    extraTokenClaims: accessTokenClaims(deps.allowedRoles),
    features: {
      ...features(deps),
      ...(documents.feature ? { clientIdMetadataDocument: documents.feature } : {}),
    },
    fetch: documents.fetch,
    formats: { customizers: { jwt: grantReference } },
    findAccount: withNobody(deps.findAccount),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}`, policy: policy(deps) },
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('offline_access') || source.scopes.has(FIRST_PARTY_SCOPE)),
    loadExistingGrant: existingGrant(deps),
    pairwiseIdentifier: deps.pairwiseSubject,
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' || isFapi(client) },
    renderError: (ctx, { error, error_description: description = '' }) =>
      deps.pages.error(ctx, { status: ctx.status, error, description }),
    responseTypes: ['code'],
    revokeGrantPolicy,
    rotateRefreshToken,
    routes,
    scopes: [...SCOPES],
    subjectTypes: ['public', 'pairwise'],
    ttl: lifetimes(deps),
  };
}
