import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { scopesOf } from '../scopes/scopes.ts';

/**
 * Checks that a program requests only the scopes of its registration or, for a resource, those that the operator
 * assigned to it for acting without a person (RFC 6749 §4.4). Throws `invalid_scope` for others. The library treats an
 * empty scope in a registration as unlimited, does not check the scopes of a resource, and drops unknown ones.
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

/** Refuses a client without credentials, which is not authenticated (RFC 6749 §4.4). Throws `unauthorized_client`. */
export function refusePublicClient({ oidc: { client } }: KoaContextWithOIDC): void {
  if (client?.clientAuthMethod !== 'none') return;
  throw new errors.UnauthorizedClient('this grant needs a client that authenticates');
}
