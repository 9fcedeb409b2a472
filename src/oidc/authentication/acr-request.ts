import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isAcrRequest } from './requested-methods.ts';

/** Refuses a `claims` parameter whose `acr` is not a request for a claim, before other code reads it. */
export function checkAcrRequest(
  _ctx: KoaContextWithOIDC,
  { id_token: idToken }: { id_token?: unknown },
): void {
  const { acr } = (idToken ?? {}) as { acr?: unknown };
  if (!isAcrRequest(acr)) throw new errors.InvalidRequest('claims.id_token.acr is not a request for a claim');
}
