import { type Configuration, errors } from 'oidc-provider';
import { CIBA_GRANT, onlyRefreshes } from '../../domain/clients/client.ts';
import { FAPI_2 } from '../fapi/profile.ts';
import { completeLoadedFapi, fapiProblem } from '../fapi/registration.ts';
import { JWT_BEARER } from '../grant-types/jwt-bearer.ts';
import { isExchangePolicy, TOKEN_EXCHANGE } from '../scopes/exchange-policy.ts';
import { FIRST_PARTY_SCOPE, OPERATOR_SCOPES, scopesOf } from '../scopes/scopes.ts';
import { DESCRIPTION } from './described-client.ts';

type Check = (value: unknown) => boolean;

const isHttpsUri = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Long enough for every scope of several resource servers. */
const isScopeList: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 2000;
const isBoolean: Check = (value) => typeof value === 'boolean';

/** Pratu's own members of a client's registration, their validation and its message. */
const MEMBERS: Record<string, { valid: Check; rule: string }> = {
  first_party: { valid: isBoolean, rule: 'must be true or false' },
  rotate_refresh_tokens: { valid: isBoolean, rule: 'must be true or false' },
  channel: {
    valid: (value) => ['app', 'web', 'stb'].includes(value as string),
    rule: "must be 'app', 'web' or 'stb'",
  },
  number: {
    valid: (value) => Number.isSafeInteger(value) && (value as number) > 0,
    rule: 'must be a positive integer',
  },
  token_profile: { valid: (value) => value === 'partner', rule: "must be 'partner'" },
  client_credentials_scope: { valid: isScopeList, rule: 'must be a list of scopes, separated by spaces' },
  token_exchange: { valid: isExchangePolicy, rule: 'must be a list of rules: see docs/token-exchange.md' },
  bindings: {
    valid: listOf((value) => typeof value === 'string' && /^[a-z0-9_-]{1,50}$/.test(value)),
    rule: 'must be a list of providers in lower case',
  },
  resources: {
    valid: listOf((value) => typeof value === 'string' && URL.canParse(value)),
    rule: 'must be a list of URIs',
  },
  default_resource: {
    valid: (value) => typeof value === 'string' && URL.canParse(value),
    rule: 'must be a URI',
  },
  allowed_roles: {
    valid: listOf((value) => typeof value === 'string' && value.length > 0 && value.length <= 50),
    rule: 'must be a list of names of roles',
  },
  scope_claims_in_id_token: { valid: isBoolean, rule: 'must be true or false' },
  reset_uris: { valid: listOf(isHttpsUri), rule: 'must be a list of https URIs' },
  activate_uris: { valid: listOf(isHttpsUri), rule: 'must be a list of https URIs' },
  fapi_profile: { valid: (value) => value === FAPI_2, rule: `must be '${FAPI_2}'` },
  ...DESCRIPTION,
};

/** The members that are always refused, by name: to ignore them would suggest that they take effect. */
const UNSUPPORTED: Record<string, () => never> = {
  request_uris: () => refuse('request_uris is not supported: use pushed authorization requests (RFC 9126)'),
  software_statement: () => {
    // RFC 7591 §3.2.2: no issuer of software statements is trusted here
    const words = 'software_statement is not approved: this server trusts no issuer of software statements';
    throw new errors.CustomOIDCProviderError('unapproved_software_statement', words);
  },
};

const WHOLE = 'first_party';

/** The members that a client may set when it registers itself. */
const SELF_SERVICE = new Set([
  'rotate_refresh_tokens',
  'default_resource',
  'scope_claims_in_id_token',
  'fapi_profile',
  ...Object.keys(DESCRIPTION),
]);

/**
 * The grants that only the operator can allow. A person who enters a password in another party's client discloses it,
 * without being asked for consent. Service accounts and token exchanges are trusted with actions that no person
 * confirms.
 */
const OPERATOR_GRANTS: ReadonlySet<string> = new Set(['password', JWT_BEARER, TOKEN_EXCHANGE]);

const refuse = (message: string): never => {
  throw new errors.InvalidClientMetadata(message);
};

/**
 * Restricts backchannel requests, which can ask any person for an approval, to clients that authenticate and that the
 * operator has registered.
 */
function checkBackchannel(metadata: Record<string, unknown>, dynamic: boolean): void {
  if (dynamic) refuse(`grant_types must not include ${CIBA_GRANT}`);
  if (metadata.token_endpoint_auth_method === 'none')
    refuse(`grant_types must not include ${CIBA_GRANT} for a client that does not authenticate`);
  if (metadata.backchannel_user_code_parameter === true)
    refuse('backchannel_user_code_parameter must not be true: user codes are not supported');
}

/** Refuses combinations that no registration may have, regardless of who makes it. */
function checkWhole(metadata: Record<string, unknown>, dynamic: boolean): void {
  const scopes = scopesOf(metadata.scope as string | undefined);
  if (scopes.includes(FIRST_PARTY_SCOPE) && metadata.first_party !== true) {
    refuse(`scope ${FIRST_PARTY_SCOPE} is for first-party clients only`);
  }
  const grants = [metadata.grant_types ?? []].flat() as string[];
  if (grants.includes(JWT_BEARER) && metadata.jwks === undefined && metadata.jwks_uri === undefined)
    refuse('jwks or jwks_uri is mandatory for clients that sign assertions');
  if (grants.includes(TOKEN_EXCHANGE) && metadata.token_exchange === undefined)
    refuse('token_exchange is mandatory for clients that exchange tokens');
  if (grants.includes(CIBA_GRANT)) checkBackchannel(metadata, dynamic);
  const problem = fapiProblem(metadata);
  if (problem) refuse(problem);
  if (!dynamic) return;
  const forbidden = scopes.filter((scope) => OPERATOR_SCOPES.has(scope));
  if (forbidden.length > 0) refuse(`scope must not include ${forbidden.join(' ')}`);
  const operators = grants.find((grant) => OPERATOR_GRANTS.has(grant));
  if (operators !== undefined) refuse(`grant_types must not include ${operators}`);
  if (onlyRefreshes(grants))
    refuse('grant_types must include a grant that signs users in, not only refresh_token');
}

/** Returns the registration as it was sent, without the members that are completed afterwards. */
const sentIn = (ctx: unknown): Record<string, unknown> =>
  (ctx as { oidc?: { body?: Record<string, unknown> } }).oidc?.body ?? {};

/**
 * Validates one of Pratu's own members. The library calls this for each of them, present or not: with a context for a
 * registration over HTTP, and without one for clients in the database. The first member stands for the whole
 * registration.
 */
function validator(ctx: unknown, name: string, value: unknown, metadata: Record<string, unknown>): void {
  const dynamic = ctx !== undefined;
  if (name === WHOLE) {
    completeLoadedFapi(metadata, dynamic ? sentIn(ctx) : undefined);
    checkWhole(metadata, dynamic);
  }
  if (value === undefined) return;
  UNSUPPORTED[name]?.();
  if (dynamic && !SELF_SERVICE.has(name)) refuse(`${name} can only be set by the operator`);
  const member = MEMBERS[name];
  if (!member?.valid(value)) refuse(`${name} ${member?.rule}`);
}

export const clientMetadata: NonNullable<Configuration['extraClientMetadata']> = {
  properties: [...Object.keys(MEMBERS), ...Object.keys(UNSUPPORTED)],
  validator: validator as NonNullable<Configuration['extraClientMetadata']>['validator'],
};

export const clientDefaults: NonNullable<Configuration['clientDefaults']> = {
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: 'RS256',
  token_endpoint_auth_method: 'client_secret_basic',
};
