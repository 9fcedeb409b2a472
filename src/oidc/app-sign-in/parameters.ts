import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** Of an authorization request, as far as they make sense without a browser. */
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

/** What an app sends for a person, one in each request. */
const STEPS = ['password', 'otp_channel', 'otp', 'code', 'passkey'] as const;
export type StepName = (typeof STEPS)[number];

/** A step with its value. */
export interface SentStep {
  name: StepName;
  value: string;
}

/** Not looked at here, and dangerous to ignore: each changes what is asked for. */
const UNSUPPORTED = ['request', 'request_uri', 'id_token_hint', 'authorization_details'] as const;

export const PARAMETERS: readonly string[] = [...OF_REQUEST, ...STEPS, ...UNSUPPORTED, 'auth_session'];

const textOf = (params: KoaContextWithOIDC['oidc']['params'], name: string): string | undefined => {
  const value = params?.[name];
  return typeof value === 'string' ? value : undefined;
};

export const sentText = ({ oidc: { params } }: KoaContextWithOIDC, name: string): string | undefined =>
  textOf(params, name);

/** The step that a request takes; undefined for one that only begins. Throws `invalid_request` for more than one. */
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

/** Puts what these requests need not say into their parameters. Throws for what they may not say. */
export function completeRequest({ oidc: { params } }: KoaContextWithOIDC): void {
  if (!params) return;
  const unsupported = UNSUPPORTED.find((name) => params[name] !== undefined);
  if (unsupported)
    throw new errors.InvalidRequest(`the parameter '${unsupported}' is not supported at this endpoint`);
  if (params.response_type !== undefined && params.response_type !== 'code')
    throw new errors.UnsupportedResponseType();
  params.response_type = 'code';
  // no other method is supported, so none other can be meant; with a method, the library demands a challenge
  params.code_challenge_method ??= 'S256';
}

/** In a later step only a proof shows a key: its thumbprint is no secret. */
export function forgetNamedKey({ oidc: { params } }: KoaContextWithOIDC): void {
  if (params) params.dpop_jkt = undefined;
}

/**
 * Refuses a request for one subject (OpenID Connect Core §5.5.1): a page would ask for another account, and here anyone
 * may sign in. Call it when the parameter `claims` is known to be well-formed.
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

/** The parameters to take the request up with in a later step. */
export const keptParameters = ({ oidc: { params } }: KoaContextWithOIDC): Record<string, unknown> =>
  Object.fromEntries(OF_REQUEST.map((name) => [name, params?.[name]]));

/** Takes the request up: what a later step says of it, unchecked, counts for nothing. */
export function restoreParameters(
  { oidc: { params } }: KoaContextWithOIDC,
  kept: Readonly<Record<string, unknown>>,
): void {
  if (params) for (const name of OF_REQUEST) params[name] = kept[name];
}
