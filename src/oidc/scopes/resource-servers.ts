import type { Config } from '../../config/config.ts';
import { ADMIN_SCOPES, adminAudience } from '../../domain/operators/role.ts';

/**
 * Returns the resource servers (RFC 8707) of a deployment: those of the setting `resources` and the Admin API. The
 * Admin API's tokens are opaque, so that revocation ends them.
 */
export const resourceServers = ({
  resources,
  server,
}: Pick<Config, 'resources' | 'server'>): Config['resources'] => [
  ...resources,
  { identifier: adminAudience(server.issuer), scopes: [...ADMIN_SCOPES], tokens: 'opaque' },
];
