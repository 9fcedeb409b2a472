import type { KoaContextWithOIDC } from 'oidc-provider';

interface Introspected {
  clientId?: string;
  aud?: string | string[];
}

/**
 * Returns whether a client may introspect or revoke a token: one that was issued to it, or to a resource server that
 * its registration lists as its own. Every other token is treated as one that does not exist (RFC 7662 §4).
 */
export function introspectionPolicy(
  _ctx: KoaContextWithOIDC,
  client: { clientId: string; resources?: unknown },
  token: object,
): boolean {
  const { clientId, aud } = token as Introspected;
  if (clientId === client.clientId) return true;
  const own = Array.isArray(client.resources) ? client.resources : [];
  return [aud].flat().some((audience) => audience !== undefined && own.includes(audience));
}
