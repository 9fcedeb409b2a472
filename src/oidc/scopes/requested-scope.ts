import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { scopesOf } from './scopes.ts';

/** The maximum number of unusable scopes in a response. */
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 50;

/**
 * The scopes of request objects, including pushed requests: the library has changed the parameter when it calls
 * `settleScope`.
 */
const ofRequestObjects = new WeakMap<KoaContextWithOIDC, string | undefined>();

/** Stores the scope of a request object; the library calls this before it checks the content. */
export function rememberRequestObject(ctx: KoaContextWithOIDC, claims: { scope?: unknown }): void {
  ofRequestObjects.set(ctx, typeof claims.scope === 'string' ? claims.scope : undefined);
}

/** Returns the scopes as the client sent them. */
function sentScopes(ctx: KoaContextWithOIDC): string[] {
  if (ofRequestObjects.has(ctx)) return scopesOf(ofRequestObjects.get(ctx));
  const sent = (ctx.method === 'POST' ? ctx.oidc.body : ctx.query)?.scope;
  return scopesOf(typeof sent === 'string' ? sent : undefined);
}

/**
 * Returns whether the client may have this scope at all. `offline_access` needs no `prompt=consent`. A first-party
 * client needs no consent; others obtain it by an earlier consent or that of this request (OpenID Connect Core §11,
 * "other conditions").
 */
const isPossible = (scope: string, client: Client): boolean =>
  scope !== 'offline_access' ||
  (client.grantTypeAllowed('refresh_token') && scopesOf(client.scope).includes(scope));

function wantedScopes(ctx: KoaContextWithOIDC, client: Client): string[] {
  const sent = sentScopes(ctx);
  // responses to clients of the partner token profile always contain an ID token
  if (client.token_profile === 'partner') return ['openid', ...sent];
  // the default (RFC 6749 §3.3)
  return sent.length > 0 ? sent : scopesOf(client.scope);
}

/**
 * Replaces the requested scope by the scope that the request can lead to: scopes that the server supports and the
 * client may have, and those of the requested resources. Nothing else is displayed, granted, stored or returned
 * afterwards. A request without a scope asks for the scope of the client's registration.
 *
 * The library calls this after its own checks of every authorization, pushed and device authorization request, when it
 * has dropped `offline_access` from requests without `prompt=consent`. Throws `invalid_scope` when no scope is left.
 */
export function settleScope(ctx: KoaContextWithOIDC, _scope: string | undefined, client: Client): void {
  const { params, resourceServers = {} } = ctx.oidc;
  if (!params) return;
  const wanted = [...new Set(wantedScopes(ctx, client))];
  params.scope = wanted.filter((scope) => isPossible(scope, client)).join(' ');
  const usable = [...ctx.oidc.requestParamScopes].filter(
    (scope) =>
      ctx.oidc.requestParamOIDCScopes.has(scope) ||
      Object.values(resourceServers).some(({ scopes }) => scopes.has(scope)),
  );
  if (usable.length === 0) {
    // shortened for the response, which is a header; the log contains no text of the client
    const shown = wanted.slice(0, MOST_SHOWN).map((scope) => scope.slice(0, LONGEST_SHOWN));
    const names = shown.map((scope) => `'${scope}'`).join(', ');
    throw new errors.InvalidScope(
      `the scope must include a known scope or a scope of a requested resource, not only ${names}`,
      shown.join(' '),
      'no requested scope is known or belongs to a requested resource',
    );
  }
  params.scope = usable.join(' ');
}

/** Removes `offline_access` from a request with `prompt=none` unless it has been granted. */
export function dropUngrantedOfflineAccess(ctx: KoaContextWithOIDC, granted: string): void {
  const { params } = ctx.oidc;
  if (!params || !ctx.oidc.prompts.has('none') || scopesOf(granted).includes('offline_access')) return;
  params.scope = [...ctx.oidc.requestParamScopes].filter((scope) => scope !== 'offline_access').join(' ');
}
