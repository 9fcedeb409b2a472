import { randomInt } from 'node:crypto';
import { type ClientMetadata, onlyRefreshes } from '../../domain/clients/client.ts';
import { signsIn } from '../../domain/partners/partners.ts';
import { randomHex } from '../../lib/ids.ts';
import { usage } from './failure.ts';

/** The options of `client create`, as commander hands them over. */
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
  binding?: string[];
  resource?: string[];
  resetUri?: string[];
  activateUri?: string[];
  logoUri?: string;
  policyUri?: string;
  tosUri?: string;
  backchannelLogoutUri?: string;
  jwksUri?: string;
  subjectType?: string;
  rotateRefreshTokens?: boolean;
  clientCredentialsScope?: string;
  defaultResource?: string;
  /** False with the option; commander makes it true without. */
  scopeClaimsInIdToken?: boolean;
}

/** Members of the registration by the option that sets them as they are. */
const MEMBERS = {
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
  resetUri: 'reset_uris',
  activateUri: 'activate_uris',
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  backchannelLogoutUri: 'backchannel_logout_uri',
  jwksUri: 'jwks_uri',
  subjectType: 'subject_type',
  rotateRefreshTokens: 'rotate_refresh_tokens',
  clientCredentialsScope: 'client_credentials_scope',
  defaultResource: 'default_resource',
} as const satisfies Partial<Record<keyof ClientOptions, string>>;

/** What the command makes itself: a file with one of these was meant for another server. */
const OURS = [
  'client_secret',
  'client_secret_expires_at',
  'client_id_issued_at',
  'registration_access_token',
];
const ID = /^[\x21-\x7e]{1,100}$/;
const NUMBERS = { from: 100_000_000, below: 1_000_000_000 };
/** Ids that are numbers of a safe size, without zeros in front. */
const DECIMAL = /^[1-9]\d{0,14}$/;

/** Hexadecimal: an id that began with a dash would be taken for an option of the next command. */
function newId({ partner }: ClientOptions): string {
  return partner ? String(randomInt(NUMBERS.from, NUMBERS.below)) : randomHex(128);
}

/** Every client has a number beside its id: the id itself where that is one. */
function numberOf(id: string, given: unknown): number {
  if (!DECIMAL.test(id)) return (given as number | undefined) ?? randomInt(NUMBERS.from, NUMBERS.below);
  if (given !== undefined && given !== Number(id)) throw usage('A decimal id is the number: give no other.');
  return Number(id);
}

function shortHands({
  public: isPublic,
  native,
  partner,
  authMethod,
}: ClientOptions): Partial<ClientMetadata> {
  if ([isPublic, native, partner, authMethod].filter(Boolean).length > 1) {
    throw usage('--public, --native, --partner and --auth-method exclude each other.');
  }
  if (isPublic) return { token_endpoint_auth_method: 'none' };
  if (native) {
    return {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    };
  }
  return partner ? { token_profile: 'partner', token_endpoint_auth_method: 'client_secret_post' } : {};
}

/** The grants of a registration. Throws a usage error for a client that could never get a token. */
function grantsOf({
  grant_types: grants = ['authorization_code'],
  scope = '',
}: Partial<ClientMetadata>): string[] {
  if (!Array.isArray(grants)) return [];
  if (String(scope).split(' ').includes('offline_access') && !grants.includes('refresh_token')) {
    throw usage('The scope offline_access is for refresh tokens: add --grant-type refresh_token.');
  }
  if (onlyRefreshes(grants)) {
    throw usage('--grant-type refresh_token is of use beside a grant that signs in: add authorization_code.');
  }
  return grants;
}

/**
 * The registration that the options and the file stand for, complete but unchecked. Response types follow from the
 * grant types unless the file gives them. Throws a usage error for options that contradict each other.
 */
export function metadataOf(options: ClientOptions, file: Record<string, unknown>): ClientMetadata {
  const ours = OURS.filter((member) => member in file);
  if (ours.length > 0) throw usage(`${ours.join(', ')}: made by this command, not given to it.`);
  const given = Object.fromEntries(
    Object.entries(MEMBERS).flatMap(([option, member]) => {
      const value = options[option as keyof typeof MEMBERS];
      return value === undefined ? [] : [[member, value]];
    }),
  );
  const id = options.id ?? file.client_id ?? newId(options);
  if (typeof id !== 'string' || !ID.test(id))
    throw usage('The id must be 1 to 100 visible ASCII characters.');
  const metadata: Partial<ClientMetadata> = {
    ...file,
    ...shortHands(options),
    ...given,
    ...(options.scopeClaimsInIdToken === false ? { scope_claims_in_id_token: false } : {}),
  };
  if (metadata.token_profile === 'partner' && !DECIMAL.test(id)) {
    throw usage('The id of a partner must be a decimal number.');
  }
  const { bindings } = metadata as { bindings?: unknown };
  const reserved = Array.isArray(bindings) ? bindings.find(signsIn) : undefined;
  if (reserved !== undefined)
    throw usage(`Bindings of ${reserved} sign people in: only their owners make them, no client.`);
  const byCode = grantsOf(metadata).includes('authorization_code');
  return {
    grant_types: ['authorization_code'],
    response_types: byCode ? ['code'] : [],
    redirect_uris: [],
    ...metadata,
    client_id: id,
    number: numberOf(id, metadata.number),
  };
}
