import type { ClientMetadata, SecretKind } from '../clients/client.ts';
import { ADMIN_SCOPES } from '../operators/role.ts';

/**
 * The demonstration data that development creates at its first start, so that every sample works. All of it is public.
 * Production refuses to start with any of these secrets.
 */
interface DemonstrationClient {
  metadata: ClientMetadata;
  secrets: Partial<Record<SecretKind, string>>;
}

const STANDARD_SCOPE = 'openid profile email phone address offline_access';

export const DEMONSTRATION_CLIENTS: readonly DemonstrationClient[] = [
  {
    metadata: {
      client_id: 'client',
      client_name: 'First-party app',
      first_party: true,
      channel: 'app',
      grant_types: ['password', 'refresh_token', 'authorization_code'],
      response_types: ['code'],
      redirect_uris: ['http://localhost:8080/cb'],
      post_logout_redirect_uris: ['http://localhost:8080/'],
      scope: `${STANDARD_SCOPE} global`,
    },
    secrets: { secret: 'secret' },
  },
  {
    metadata: {
      client_id: 'spa',
      client_name: 'Single-page app',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://localhost:8080/cb', 'http://127.0.0.1:8080/cb'],
      post_logout_redirect_uris: ['http://localhost:8080/', 'http://127.0.0.1:8080/'],
      scope: STANDARD_SCOPE,
    },
    secrets: {},
  },
  {
    metadata: {
      client_id: '2171',
      client_name: 'Partner',
      number: 2171,
      token_profile: 'partner',
      channel: 'web',
      bindings: ['truemoney', 'line'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: ['http://localhost:8080/partner/cb'],
      scope: 'openid profile email phone accounts:lookup bindings:write',
    },
    secrets: {
      secret: '17e2236b665fadebe3c8d9515a0a6b19',
      api_key: '5cc953b97d5a1df61c25082c1b5ce1c18fc94ccf94596ca3520abcde',
      mobile_key: Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
    },
  },
  {
    metadata: {
      client_id: 'service',
      client_name: 'Service',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: '',
    },
    secrets: { secret: 'service-secret' },
  },
  {
    metadata: {
      client_id: 'admin-api',
      client_name: 'Admin API',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: '',
      client_credentials_scope: ADMIN_SCOPES.join(' '),
    },
    secrets: { secret: 'admin-api-secret' },
  },
];

export const DEMONSTRATION_ACCOUNT = {
  mobile: '0812345678',
  email: 'somchai@example.com',
  password: 'correct-horse-battery',
  truemoney: 'tmn.10025441383',
} as const;

export const DEMONSTRATION_OPERATOR = {
  email: 'operator@example.com',
  password: 'correct-horse-battery-operator',
  role: 'admin',
} as const;

/** All passwords above. In production they can neither be chosen nor used to sign in. */
export const DEMONSTRATION_PASSWORDS: readonly string[] = [
  DEMONSTRATION_ACCOUNT.password,
  DEMONSTRATION_OPERATOR.password,
];

/** All secrets above. A production database must not contain any of them. */
export const DEMONSTRATION_SECRETS: readonly string[] = DEMONSTRATION_CLIENTS.flatMap(({ secrets }) =>
  Object.values(secrets),
);
