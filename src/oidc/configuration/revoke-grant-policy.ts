import type { KoaContextWithOIDC } from 'oidc-provider';
import { currentUnit } from '../edge/unit.ts';

/**
 * Whether the grant ends with the tokens that are being revoked. It does not when a client revokes one access token
 * (RFC 7009), nor when a code comes a second time: other codes of the session have tokens of the same grant.
 */
export function revokeGrantPolicy({ oidc }: KoaContextWithOIDC): boolean {
  if (oidc.route === 'revocation' && oidc.entities.AccessToken) return false;
  return currentUnit()?.reusedCode === undefined;
}
