import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';

/**
 * The resource of a request that names none: the client's own default when it asks for a scope of it. Of several
 * that were granted, the token request must name one (RFC 8707 §2.2), unless the default is among them.
 */
export const defaultResource =
  (resources: Config['resources']) =>
  (ctx: KoaContextWithOIDC, client: Client, oneOf?: readonly string[]): string | string[] | undefined => {
    const own = client.default_resource as string | undefined;
    if (oneOf !== undefined) return own !== undefined && oneOf.includes(own) ? own : [...oneOf];
    const { scopes = [] } = resources.find(({ identifier }) => identifier === own) ?? {};
    // a request for nothing of it is one for an access token for userinfo
    return scopes.some((scope) => ctx.oidc.requestParamScopes.has(scope)) ? own : undefined;
  };

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
