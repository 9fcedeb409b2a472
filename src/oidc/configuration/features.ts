import { type Configuration, errors } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import { CLOCK_SKEW } from '../../lib/clock.ts';
import { checkAcrRequest } from '../authentication/acr-request.ts';
import { type DetailsDeps, richAuthorizationRequests } from '../authorization-details/feature.ts';
import { type BackchannelDeps, ciba } from '../backchannel/requests.ts';
import { devicePages, logoutPages, type OidcPages } from '../edge/pages.ts';
import { FAPI_2, isFapi } from '../fapi/profile.ts';
import { defaultResource } from '../scopes/requested-resource.ts';
import { checkRequestObject } from './clock-skew.ts';
import { introspectionPolicy } from './introspection-policy.ts';
import { type MutualTls, mutualTlsFeature } from './mutual-tls.ts';
import { resourceServer } from './resources.ts';

export interface FeaturesDeps extends BackchannelDeps, DetailsDeps {
  pages: OidcPages;
  mutualTls: MutualTls;
  tokens: Config['tokens'];
  resources: Config['resources'];
  introspection: Config['introspection'];
}

/**
 * Returns every stable feature of the library, each enabled or disabled with the reason. A test compares this list with
 * the library's own, so that an update cannot enable a feature.
 */
export function features(deps: FeaturesDeps): NonNullable<Configuration['features']> {
  const { pages, tokens, resources, introspection, mutualTls } = deps;
  return {
    // enabled: features that clients rely on
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true, assertClaimsParameter: checkAcrRequest },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true, ...devicePages(pages) },
    dPoP: { enabled: true },
    // for responses to clients that request it; request objects are plain JWS, see algorithms.ts
    encryption: { enabled: true },
    // for clients with the profile in their registration
    fapi: { enabled: true, profile: (_ctx, client) => (isFapi(client) ? FAPI_2 : undefined) },
    introspection: { enabled: true, allowedPolicy: introspectionPolicy },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    // where a proxy terminates TLS and forwards certificates; DPoP binds tokens without a certificate
    mTLS: mutualTlsFeature(mutualTls),
    pushedAuthorizationRequests: { enabled: true },
    registration: { enabled: true, initialAccessToken: true },
    registrationManagement: { enabled: true },
    requestObjects: { enabled: true, assertJwtClaimsAndHeader: checkRequestObject },
    resourceIndicators: {
      enabled: true,
      defaultResource: defaultResource(resources),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator) => {
        const resource = resources.find(({ identifier }) => identifier === indicator);
        if (!resource) throw new errors.InvalidTarget();
        return resourceServer(resource, tokens);
      },
    },
    revocation: { enabled: true, allowedPolicy: introspectionPolicy },
    rpInitiatedLogout: { enabled: true, ...logoutPages(pages) },
    userinfo: { enabled: true },

    // by configuration
    jwtIntrospection: { enabled: introspection.signedResponses },
    richAuthorizationRequests: richAuthorizationRequests(deps),
    ciba: ciba({ ...deps, clockSkew: CLOCK_SKEW }),

    // disabled: it signs in any account
    devInteractions: { enabled: false },
    // disabled: no client uses it, and it would add to the attack surface
    rpMetadataChoices: { enabled: false },
  };
}
