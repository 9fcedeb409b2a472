import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';

/**
 * Returns the resource of a request that does not contain one: the client's own default when a scope of it is
 * requested. If several were granted, the token request must contain one (RFC 8707 §2.2), unless the default is among
 * them.
 */
export const defaultResource =
  (resources: Config['resources']) =>
  (ctx: KoaContextWithOIDC, client: Client, oneOf?: readonly string[]): string | string[] | undefined => {
    const own = client.default_resource as string | undefined;
    if (oneOf !== undefined) return own !== undefined && oneOf.includes(own) ? own : [...oneOf];
    const { scopes = [] } = resources.find(({ identifier }) => identifier === own) ?? {};
    // a request for none of its scopes is for a userinfo access token
    return scopes.some((scope) => ctx.oidc.requestParamScopes.has(scope)) ? own : undefined;
  };

/**
 * Refuses `audience`, which some other servers use to identify a resource. Here it would be ignored, and the client
 * would receive an unexpected opaque token. Throws `invalid_request` unless the request also contains `resource`.
 */
export function refuseAudience({ oidc: { params } }: KoaContextWithOIDC, audience: unknown): void {
  if (audience === undefined || params?.resource !== undefined) return;
  throw new errors.InvalidRequest("the parameter 'audience' is not supported: use 'resource' (RFC 8707)");
}

/** Applies the same check to a token request, whose parameters the library has reduced to those that it supports. */
export const refuseAudienceForToken = (ctx: KoaContextWithOIDC): void =>
  refuseAudience(ctx, (ctx.oidc.body as Record<string, unknown> | undefined)?.audience);
