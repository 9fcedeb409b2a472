import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { scopesOf } from '../scopes/scopes.ts';

/**
 * A program gets the scopes of its registration or, of the resource that it names, those that the operator gave it for
 * acting without a person (RFC 6749 §4.4). The library takes a registration with an empty scope for one without limits,
 * asks nothing of a resource's scopes, and drops what it does not know.
 */
export function checkProgramScopes(ctx: KoaContextWithOIDC): void {
  const { client, params } = ctx.oidc;
  const resource = params?.resource ?? client?.default_resource;
  const member = resource === undefined ? client?.scope : client?.client_credentials_scope;
  const own = new Set(scopesOf(member as string | undefined));
  const asked = scopesOf(params?.scope as string | undefined);
  const given = scopesOf(client?.client_credentials_scope as string | undefined);
  const misplaced = resource === undefined ? asked.filter((scope) => given.includes(scope)) : [];
  if (misplaced.length > 0) {
    const words = `a scope of a resource needs the parameter 'resource' (RFC 8707)`;
    throw new errors.InvalidScope(words, misplaced.join(' '));
  }
  const foreign = asked.filter((scope) => scope === 'openid' || !own.has(scope));
  if (foreign.length > 0) throw new errors.InvalidScope('requested scope is not allowed', foreign.join(' '));
}

/** A client without credentials has proved nothing (RFC 6749 §4.4). Throws `unauthorized_client`. */
export function refusePublicClient({ oidc: { client } }: KoaContextWithOIDC): void {
  if (client?.clientAuthMethod !== 'none') return;
  throw new errors.UnauthorizedClient('this grant needs a client that authenticates');
}
