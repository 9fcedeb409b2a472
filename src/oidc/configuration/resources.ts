import type { ResourceServer } from 'oidc-provider';
import type { Config } from '../../config/config.ts';

/**
 * Returns a resource server (RFC 8707). Its access tokens are JWTs (RFC 9068), signed with ES256 and short-lived
 * because they cannot be revoked, or opaque tokens that it introspects.
 */
export function resourceServer(
  { identifier, scopes, tokens: format }: Config['resources'][number],
  tokens: Config['tokens'],
): ResourceServer {
  const common = { scope: scopes.join(' '), audience: identifier };
  if (format === 'opaque')
    return { ...common, accessTokenFormat: 'opaque', accessTokenTTL: tokens.accessToken };
  return {
    ...common,
    accessTokenFormat: 'jwt',
    accessTokenTTL: tokens.jwtAccessToken,
    jwt: { sign: { alg: 'ES256' } },
  };
}
