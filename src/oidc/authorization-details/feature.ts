import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type Detail, type DetailTypes, detailsIn, isCovered } from './detail-types.ts';

export interface DetailsDeps {
  detailTypes: DetailTypes;
}

/**
 * Returns the details of a grant that may be used: all, or those in the token request (RFC 9396 §6.1). Throws
 * `InvalidAuthorizationDetails` for more than was granted.
 */
function narrowed({ oidc }: KoaContextWithOIDC, granted: readonly Detail[]): readonly Detail[] {
  const asked = detailsIn(oidc.params?.authorization_details);
  if (asked === undefined) return granted;
  if (!asked.every((one) => granted.some((other) => isCovered(one, other))))
    throw new errors.InvalidAuthorizationDetails('authorization_details exceed what was granted');
  return asked;
}

const listed = (details: readonly Detail[]): Detail[] | undefined =>
  details.length > 0 ? [...details] : undefined;

/**
 * Returns the feature Rich Authorization Requests (RFC 9396). Details belong to one request: the person consents to
 * them each time, and no later request of the same client receives them without consent.
 */
export function richAuthorizationRequests({ detailTypes }: DetailsDeps) {
  if (detailTypes.names.length === 0) return { enabled: false } as const;
  return {
    enabled: true as const,
    types: Object.fromEntries(
      detailTypes.names.map((name) => [
        name,
        { validate: (_ctx: KoaContextWithOIDC, detail: unknown) => detailTypes.check(detail as Detail) },
      ]),
    ),
    authorizationDetailsForGrantSource: (ctx: KoaContextWithOIDC) =>
      detailsIn(ctx.oidc.params?.authorization_details),
    authorizationDetailsForAccessToken(ctx: KoaContextWithOIDC, token: object, source?: object) {
      const { rar: granted = [] } = (source ?? {}) as { rar?: Detail[] };
      const { aud } = token as { aud?: string };
      return listed(detailTypes.forAudience(narrowed(ctx, granted), aud));
    },
    authorizationDetailsForIntrospection: (_ctx: KoaContextWithOIDC, token: object) =>
      (token as { rar?: Detail[] }).rar,
  };
}
