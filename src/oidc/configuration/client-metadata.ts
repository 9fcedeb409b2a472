import { type Configuration, errors } from 'oidc-provider';
import { OPERATOR_SCOPES, scopesOf } from './scopes.ts';

type Check = (value: unknown) => boolean;

const isHttpsUri = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isText: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 200;
const isBoolean: Check = (value) => typeof value === 'boolean';

/** Our own members of a client's registration, what each must be, and in words. */
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
  client_credentials_scope: { valid: isText, rule: 'must be a list of scopes, separated by spaces' },
  bindings: { valid: listOf(isText), rule: 'must be a list of providers' },
  resources: {
    valid: listOf((value) => typeof value === 'string' && URL.canParse(value)),
    rule: 'must be a list of URIs',
  },
  reset_uris: { valid: listOf(isHttpsUri), rule: 'must be a list of https URIs' },
  activate_uris: { valid: listOf(isHttpsUri), rule: 'must be a list of https URIs' },
};

/** What a client that registers itself may say of these. */
const SELF_SERVICE = new Set(['rotate_refresh_tokens']);

/** The library calls this with a context for a registration over HTTP, without one for clients of our table. */
function validator(ctx: unknown, name: string, value: unknown, metadata: Record<string, unknown>): void {
  const dynamic = ctx !== undefined;
  if (dynamic && name === 'first_party') {
    const forbidden = scopesOf(metadata.scope as string | undefined).filter((scope) =>
      OPERATOR_SCOPES.has(scope),
    );
    if (forbidden.length > 0) {
      throw new errors.InvalidClientMetadata(`scope must not include ${forbidden.join(' ')}`);
    }
  }
  if (value === undefined) return;
  if (dynamic && !SELF_SERVICE.has(name)) {
    throw new errors.InvalidClientMetadata(`${name} is set by the operator only`);
  }
  const member = MEMBERS[name];
  if (!member?.valid(value)) throw new errors.InvalidClientMetadata(`${name} ${member?.rule}`);
}

export const clientMetadata: NonNullable<Configuration['extraClientMetadata']> = {
  properties: Object.keys(MEMBERS),
  validator: validator as NonNullable<Configuration['extraClientMetadata']>['validator'],
};

export const clientDefaults: NonNullable<Configuration['clientDefaults']> = {
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: 'RS256',
  token_endpoint_auth_method: 'client_secret_basic',
};
