import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';

/**
 * The resource of a request that names none: the client's own default. Of several that were granted, the token request
 * must name one (RFC 8707 §2.2), unless the default is among them.
 */
export function defaultResource(
  _ctx: KoaContextWithOIDC,
  client: Client,
  oneOf?: readonly string[],
): string | string[] | undefined {
  const own = client.default_resource as string | undefined;
  if (oneOf === undefined) return own;
  return own !== undefined && oneOf.includes(own) ? own : [...oneOf];
}

/**
 * `audience` is how some other servers name a resource. Here it would be ignored and the client wonder at an opaque
 * token. Throws `invalid_request` unless the request names its resource as well.
 */
export function refuseAudience({ oidc: { params } }: KoaContextWithOIDC, audience: unknown): void {
  if (audience === undefined || params?.resource !== undefined) return;
  throw new errors.InvalidRequest("the parameter 'audience' is not supported: use 'resource' (RFC 8707)");
}

/** The same for a token request, whose parameters the library has reduced to those that it knows. */
export const refuseAudienceForToken = (ctx: KoaContextWithOIDC): void =>
  refuseAudience(ctx, (ctx.oidc.body as Record<string, unknown> | undefined)?.audience);
