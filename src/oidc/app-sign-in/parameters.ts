import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** The parameters of an authorization request that apply without a browser. */
const OF_REQUEST = [
  'scope',
  'response_type',
  'code_challenge',
  'code_challenge_method',
  'login_hint',
  'nonce',
  'acr_values',
  'claims',
  'ui_locales',
  'resource',
  'audience',
  'dpop_jkt',
] as const;

/** The steps that an app sends for a person, one in each request. */
const STEPS = ['password', 'otp_channel', 'otp', 'code', 'passkey'] as const;
export type StepName = (typeof STEPS)[number];

/** A step with its value. */
export interface SentStep {
  name: StepName;
  value: string;
}

/** Not supported here, and dangerous to ignore: each changes what the request means. */
const UNSUPPORTED = ['request', 'request_uri', 'id_token_hint', 'authorization_details'] as const;

export const PARAMETERS: readonly string[] = [...OF_REQUEST, ...STEPS, ...UNSUPPORTED, 'auth_session'];

const textOf = (params: KoaContextWithOIDC['oidc']['params'], name: string): string | undefined => {
  const value = params?.[name];
  return typeof value === 'string' ? value : undefined;
};

export const sentText = ({ oidc: { params } }: KoaContextWithOIDC, name: string): string | undefined =>
  textOf(params, name);

/** Returns the step in a request; undefined for one that only begins. Throws `invalid_request` for more than one. */
export function sentStep(ctx: KoaContextWithOIDC): SentStep | undefined {
  const sent = STEPS.flatMap((name) => {
    const value = sentText(ctx, name);
    return value === undefined ? [] : [{ name, value }];
  });
  if (sent.length > 1)
    throw new errors.InvalidRequest(
      `only one of ${sent.map(({ name }) => `'${name}'`).join(', ')} can be sent`,
    );
  return sent[0];
}

/** Adds the parameters that these requests may omit. Throws for those that they may not contain. */
export function completeRequest({ oidc: { params } }: KoaContextWithOIDC): void {
  if (!params) return;
  const unsupported = UNSUPPORTED.find((name) => params[name] !== undefined);
  if (unsupported)
    throw new errors.InvalidRequest(`the parameter '${unsupported}' is not supported at this endpoint`);
  if (params.response_type !== undefined && params.response_type !== 'code')
    throw new errors.UnsupportedResponseType();
  params.response_type = 'code';
  // no other method is supported, so the default is safe; with a method, the library requires a challenge
  params.code_challenge_method ??= 'S256';
}

/**
 * Removes the parameter `dpop_jkt`: in a later step only a proof identifies a key, because its thumbprint is not
 * secret.
 */
export function forgetNamedKey({ oidc: { params } }: KoaContextWithOIDC): void {
  if (params) params.dpop_jkt = undefined;
}

/**
 * Refuses a request for one subject (OpenID Connect Core §5.5.1): a page would ask for another account, but here any
 * account may sign in. Must be called after the check that the parameter `claims` is well-formed.
 */
export function refuseSubject(ctx: KoaContextWithOIDC): void {
  const claims = sentText(ctx, 'claims');
  const { id_token, userinfo } = claims === undefined ? {} : JSON.parse(claims);
  const isForOne = [id_token?.sub, userinfo?.sub].some(
    (sub) => sub?.value !== undefined || sub?.values !== undefined,
  );
  if (isForOne)
    throw new errors.InvalidRequest("the claim 'sub' cannot be requested with a value at this endpoint");
}

/** Returns the parameters with which a later step restores the request. */
export const keptParameters = ({ oidc: { params } }: KoaContextWithOIDC): Record<string, unknown> =>
  Object.fromEntries(OF_REQUEST.map((name) => [name, params?.[name]]));

/** Restores the request: parameters in a later step, which are unchecked, are replaced. */
export function restoreParameters(
  { oidc: { params } }: KoaContextWithOIDC,
  kept: Readonly<Record<string, unknown>>,
): void {
  if (params) for (const name of OF_REQUEST) params[name] = kept[name];
}
