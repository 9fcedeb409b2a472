import type { Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import { hasMutualTls } from '../config/mutual-tls.ts';
import { ADMIN_SCOPES } from '../domain/operators/role.ts';
import { protectedResources } from '../http/protected-resources.ts';
import { KNOWN_SCOPES } from '../oidc/scopes/scopes.ts';

/** The metadata of Pratu's own APIs (RFC 9728). */
export function composeResourceMetadata(config: Config): Middleware {
  const {
    server: { issuer },
    pages: { productName },
  } = config;
  return protectedResources({
    issuer,
    hasMutualTls: hasMutualTls(config),
    own: { name: productName.en, documentation: `${issuer}/docs`, scopes: [...KNOWN_SCOPES] },
    admin: {
      name: `${productName.en} Admin API`,
      documentation: `${issuer}/docs?api=admin`,
      scopes: [...ADMIN_SCOPES],
    },
  });
}
