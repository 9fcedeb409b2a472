import type { KoaContextWithOIDC } from 'oidc-provider';
import { currentUnit } from '../edge/unit.ts';

/**
 * Returns whether the grant is revoked together with the tokens. It is not when a client revokes one access token (RFC
 * 7009), nor when a code is used a second time: other codes of the session have tokens of the same grant.
 */
export function revokeGrantPolicy({ oidc }: KoaContextWithOIDC): boolean {
  if (oidc.route === 'revocation' && oidc.entities.AccessToken) return false;
  return currentUnit()?.reusedCode === undefined;
}
