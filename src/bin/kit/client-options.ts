import type { ClientMetadata } from '../../domain/clients/client.ts';
import { JWT_BEARER } from '../../oidc/grant-types/jwt-bearer.ts';
import { usage } from './failure.ts';

/** The options of `client create`, as parsed by commander. */
export interface ClientOptions {
  id?: string;
  name?: string;
  redirectUri?: string[];
  postLogoutRedirectUri?: string[];
  grantType?: string[];
  scope?: string;
  authMethod?: string;
  public?: boolean;
  native?: boolean;
  firstParty?: boolean;
  channel?: string;
  number?: number;
  partner?: boolean;
  serviceAccount?: boolean;
  binding?: string[];
  resource?: string[];
  resetUri?: string[];
  activateUri?: string[];
  logoUri?: string;
  policyUri?: string;
  tosUri?: string;
  backchannelLogoutUri?: string;
  authorizationDetailsType?: string[];
  backchannelDelivery?: string;
  backchannelNotificationEndpoint?: string;
  jwksUri?: string;
  jwks?: object;
  fapi2?: boolean;
  subjectType?: string;
  rotateRefreshTokens?: boolean;
  allowedRole?: string[];
  clientCredentialsScope?: string;
  tokenExchange?: unknown[];
  defaultResource?: string;
  /** False when the option is given; otherwise commander sets it to true. */
  scopeClaimsInIdToken?: boolean;
  /** For `client create` only: a name of `FRAMEWORKS`, and the address of the application. */
  for?: string;
  url?: string;
}

/** The registration members that options set without conversion, by option. */
const MEMBERS = {
  id: 'client_id',
  name: 'client_name',
  redirectUri: 'redirect_uris',
  postLogoutRedirectUri: 'post_logout_redirect_uris',
  grantType: 'grant_types',
  scope: 'scope',
  authMethod: 'token_endpoint_auth_method',
  firstParty: 'first_party',
  channel: 'channel',
  number: 'number',
  binding: 'bindings',
  resource: 'resources',
  allowedRole: 'allowed_roles',
  resetUri: 'reset_uris',
  activateUri: 'activate_uris',
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  backchannelLogoutUri: 'backchannel_logout_uri',
  authorizationDetailsType: 'authorization_details_types',
  backchannelDelivery: 'backchannel_token_delivery_mode',
  backchannelNotificationEndpoint: 'backchannel_client_notification_endpoint',
  jwksUri: 'jwks_uri',
  jwks: 'jwks',
  subjectType: 'subject_type',
  rotateRefreshTokens: 'rotate_refresh_tokens',
  clientCredentialsScope: 'client_credentials_scope',
  tokenExchange: 'token_exchange',
  defaultResource: 'default_resource',
} as const satisfies Partial<Record<keyof ClientOptions, string>>;

function shortHands({
  public: isPublic,
  native,
  partner,
  serviceAccount,
  authMethod,
  for: framework,
}: ClientOptions): Partial<ClientMetadata> {
  const kinds = [isPublic, native, partner, serviceAccount].filter(Boolean).length;
  if (framework !== undefined && kinds > 0)
    throw usage(
      '--for chooses the kind of client: omit --public, --native, --partner and --service-account.',
    );
  if (kinds + (authMethod ? 1 : 0) > 1) {
    throw usage('--public, --native, --partner, --service-account and --auth-method exclude each other.');
  }
  if (isPublic) return { token_endpoint_auth_method: 'none' };
  if (native) {
    return {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    };
  }
  if (serviceAccount) {
    // the assertion authenticates the client: it needs no other credentials
    return { token_endpoint_auth_method: 'none', grant_types: [JWT_BEARER] };
  }
  return partner ? { token_profile: 'partner', token_endpoint_auth_method: 'client_secret_post' } : {};
}

/**
 * Returns the registration members that the file and the options give. Throws a usage error for mutually exclusive
 * options.
 */
export function metadataOf(options: ClientOptions, file: Record<string, unknown>): Partial<ClientMetadata> {
  const given = Object.fromEntries(
    Object.entries(MEMBERS).flatMap(([option, member]) => {
      const value = options[option as keyof typeof MEMBERS];
      return value === undefined ? [] : [[member, value]];
    }),
  );
  return {
    ...file,
    ...shortHands(options),
    ...given,
    ...(options.fapi2 ? { fapi_profile: '2.0' } : {}),
    ...(options.scopeClaimsInIdToken === false ? { scope_claims_in_id_token: false } : {}),
  };
}
