import { errors, type KoaContextWithOIDC } from 'oidc-provider';

const TYPE = 'urn:ietf:params:oauth:token-type:';
export const ACCESS_TOKEN_TYPE = `${TYPE}access_token`;
/** RFC 8693 §3: the token is a JWT; here always an access token. */
export const JWT_TYPE = `${TYPE}jwt`;
const TYPES: readonly string[] = [ACCESS_TOKEN_TYPE, JWT_TYPE];

export const EXCHANGE_PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'resource',
  'audience',
  'scope',
] as const;

/** A token in a request, with its type. */
export interface SentToken {
  /** The parameter that contained it. */
  name: 'subject_token' | 'actor_token';
  value: string;
  type: string;
}

export interface ExchangeRequest {
  subject: SentToken;
  actor: SentToken | undefined;
  requestedType: string | undefined;
  /** The identifier of a resource server, from either of the two parameters. */
  target: string | undefined;
}

type Params = Partial<Record<(typeof EXCHANGE_PARAMETERS)[number], string>>;

function tokenIn(params: Params, name: SentToken['name']): SentToken | undefined {
  const [value, type] = [params[name], params[`${name}_type`]];
  if (value === undefined && type === undefined) return undefined;
  if (value === undefined) throw new errors.InvalidRequest(`missing parameter '${name}'`);
  if (type === undefined) throw new errors.InvalidRequest(`missing parameter '${name}_type'`);
  // an ID token only identifies a person, and a refresh token is for its own client: neither grants a right to act
  if (!TYPES.includes(type)) throw new errors.InvalidRequest(`'${name}_type' must be ${TYPES.join(' or ')}`);
  return { name, value, type };
}

/** Returns the parameters of RFC 8693 §2.1. Throws `invalid_request`, and `invalid_target` for two targets. */
export function readExchange({ oidc }: KoaContextWithOIDC): ExchangeRequest {
  const params = (oidc.params ?? {}) as Params;
  const subject = tokenIn(params, 'subject_token');
  if (!subject) throw new errors.InvalidRequest("missing parameter 'subject_token'");
  const { requested_token_type: requestedType, resource, audience } = params;
  if (requestedType !== undefined && !TYPES.includes(requestedType))
    throw new errors.InvalidRequest(`'requested_token_type' must be ${TYPES.join(' or ')}`);
  if (resource !== undefined && audience !== undefined && resource !== audience)
    throw new errors.InvalidTarget('resource and audience name two resources');
  return { subject, actor: tokenIn(params, 'actor_token'), requestedType, target: resource ?? audience };
}
