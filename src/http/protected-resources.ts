import Router from '@koa/router';
import type { Middleware } from 'koa';

/** An API of this server that accepts access tokens. */
interface ProtectedResource {
  /** The resource identifier: the URL that the metadata describes. */
  resource: string;
  name: string;
  documentation: string;
  scopes: readonly string[];
}

interface Deps {
  issuer: string;
  /** Whether tokens may be bound to client certificates (RFC 8705 §3). */
  hasMutualTls: boolean;
  /** The APIs whose tokens name no resource: Customers, Self-service, Keys and userinfo. */
  own: Omit<ProtectedResource, 'resource'>;
  /** The Admin API, whose tokens are for `<issuer>/admin`. */
  admin: Omit<ProtectedResource, 'resource'>;
}

const CACHED = 'public, max-age=300';

/** The URL of the metadata of the Admin API, for its challenges (RFC 9728 §5.1). */
export const adminMetadataUrl = (issuer: string): string =>
  `${issuer}/.well-known/oauth-protected-resource/admin`;

/** Serves protected resource metadata (RFC 9728 §3): the authorization server that issues tokens, and the scopes. */
export function protectedResources({ issuer, hasMutualTls, own, admin }: Deps): Middleware {
  const metadataOf = ({ resource, name, documentation, scopes }: ProtectedResource) => ({
    resource,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: name,
    resource_documentation: documentation,
    dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
    ...(hasMutualTls ? { tls_client_certificate_bound_access_tokens: true } : {}),
  });
  const router = new Router({ strict: true, sensitive: true });
  router.get('/.well-known/oauth-protected-resource', (ctx) => {
    ctx.set('Cache-Control', CACHED);
    ctx.body = metadataOf({ resource: issuer, ...own });
  });
  router.get('/.well-known/oauth-protected-resource/admin', (ctx) => {
    ctx.set('Cache-Control', CACHED);
    ctx.body = metadataOf({ resource: `${issuer}/admin`, ...admin });
  });
  return router.routes() as unknown as Middleware;
}
