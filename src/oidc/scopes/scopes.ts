/** The scopes that the server supports; the claims of the standard ones are in `claims.ts`. */
export const SCOPES = [
  'openid',
  'offline_access',
  'global',
  'roles',
  'accounts:lookup',
  'bindings:write',
] as const;

/** The scope of an account's roles, limited to those in the client's `allowed_roles`. */
export const ROLES_SCOPE = 'roles';

/** The scopes whose claims a person may disclose to any client. */
const STANDARD = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'];

/** The scope of a client without a `scope` in its registration. */
export const DEFAULT_CLIENT_SCOPE = STANDARD.join(' ');

/** The scopes that only the operator can assign to a client. */
export const OPERATOR_SCOPES: ReadonlySet<string> = new Set([
  'global',
  'thai_id',
  ROLES_SCOPE,
  'accounts:lookup',
  'bindings:write',
]);

/** The scopes that a client may be registered with, in addition to those of resource servers. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set([...SCOPES, ...STANDARD, ...OPERATOR_SCOPES]);

/** The scope of the Customers, Self-service and Keys APIs: first-party clients only. */
export const FIRST_PARTY_SCOPE = 'global';

/** Returns the scopes in a space-separated list (RFC 6749 §3.3). */
export const scopesOf = (scope: string | undefined): string[] => scope?.split(' ').filter(Boolean) ?? [];
