/** Every scope that the server knows; claims of the standard ones are in `claims.ts`. */
export const SCOPES = [
  'openid',
  'offline_access',
  'global',
  'roles',
  'accounts:lookup',
  'bindings:write',
] as const;

/** The roles of an account, of those in the client's `allowed_roles`. */
export const ROLES_SCOPE = 'roles';

/** Scopes whose claims a person may give to any client. */
const STANDARD = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'];

/** What a client without a `scope` in its registration may ask for. */
export const DEFAULT_CLIENT_SCOPE = STANDARD.join(' ');

/** Scopes that only the operator's command gives to a client. */
export const OPERATOR_SCOPES: ReadonlySet<string> = new Set([
  'global',
  'thai_id',
  ROLES_SCOPE,
  'accounts:lookup',
  'bindings:write',
]);

/** Every scope that a client may be registered with, beside those of resource servers. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set([...SCOPES, ...STANDARD, ...OPERATOR_SCOPES]);

/** The scope of the Customers, Self-service and Keys APIs: first-party clients only. */
export const FIRST_PARTY_SCOPE = 'global';

/** The scopes in a space-separated list (RFC 6749 §3.3). */
export const scopesOf = (scope: string | undefined): string[] => scope?.split(' ').filter(Boolean) ?? [];
