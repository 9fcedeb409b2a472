import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AccountClaims, ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { clientDefaults } from '../../src/oidc/configuration/client-metadata.ts';
import { features } from '../../src/oidc/configuration/features.ts';
import { routes } from '../../src/oidc/edge/routes.ts';
import { SCOPES } from '../../src/oidc/scopes/scopes.ts';
import { claims } from '../../src/oidc/tokens/claims.ts';
import { RESOURCE } from '../clients.ts';
import { memoryAdapter } from './memory-adapter.ts';

type Features = NonNullable<Configuration['features']>;

const keyOf = (type: 'ec' | 'rsa') => {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: type === 'ec' ? 'ES256' : 'RS256' };
};

const MUTUAL_TLS = { enabled: false, origin: undefined };

/** The features of oidc-provider, enabled as in the product but without the product's implementations. */
function bareFeatures(): Features {
  const ours = features({
    pages: {},
    tokens: {},
    resources: [],
    mutualTls: MUTUAL_TLS,
    ciba: { enabled: false },
    introspection: {},
    detailTypes: { names: [] },
  } as never);
  const bare = Object.entries(ours).map(([name, feature]) => [name, { enabled: feature?.enabled === true }]);
  return {
    ...(Object.fromEntries(bare) as Features),
    // it needs a profile for each client, and no client of the measurements has one
    fapi: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => [],
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({
        audience: RESOURCE,
        scope: 'api:read api:write',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  };
}

/** Returns a grant of everything that is requested, as for a first-party client. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, client, session, requestParamOIDCScopes } = oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const found = known ? await provider.Grant.find(known) : undefined;
  if (found) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

export interface ReferenceDeps {
  clients: ClientMetadata[];
  /** The userinfo claims of the only person. */
  profile: AccountClaims;
}

/**
 * Returns the configuration of oidc-provider with the product's features, clients and routes, and its own in-memory
 * storage.
 */
export const configuration = ({ clients, profile }: ReferenceDeps): Configuration => ({
  adapter: memoryAdapter,
  clients,
  jwks: { keys: [keyOf('ec'), keyOf('rsa')] } as NonNullable<Configuration['jwks']>,
  claims,
  clientDefaults,
  cookies: { keys: [randomBytes(32).toString('base64')] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  enableHttpPostMethods: false,
  extraClientMetadata: { properties: ['first_party', 'rotate_refresh_tokens', 'client_credentials_scope'] },
  features: bareFeatures(),
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...profile, sub }) }),
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  loadExistingGrant,
  pkce: { required: () => true },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  routes,
  scopes: [...SCOPES, 'api:read', 'api:write'],
});
