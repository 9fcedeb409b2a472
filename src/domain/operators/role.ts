/** The roles of operators. Each role includes the permissions of those before it. */
export const ROLES = ['viewer', 'support', 'admin'] as const;

export type Role = (typeof ROLES)[number];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Returns whether a role is lower than another one. No role is lower than any. */
export const isLower = (role: Role | undefined, than: Role): boolean =>
  role === undefined || ROLES.indexOf(role) < ROLES.indexOf(than);

/** The scopes of the Admin API by the lowest role that grants them. */
const SCOPES_FROM = {
  viewer: ['admin:overview:read', 'admin:clients:read', 'admin:audit:read'],
  support: ['admin:accounts:read', 'admin:accounts:write', 'admin:messages:read', 'admin:messages:write'],
  admin: [
    'admin:accounts:erase',
    'admin:clients:write',
    'admin:keys:write',
    'admin:operators:write',
    'admin:roles:write',
    'admin:upstream:read',
    'admin:upstream:write',
    'admin:webhooks:write',
  ],
} as const satisfies Record<Role, readonly string[]>;

export type AdminScope = (typeof SCOPES_FROM)[Role][number];

/** Every scope of the Admin API. */
export const ADMIN_SCOPES: readonly AdminScope[] = ROLES.flatMap((role) => [...SCOPES_FROM[role]]);

const scopesByRole = new Map<Role, ReadonlySet<string>>(
  ROLES.map((role, index) => [
    role,
    new Set(ROLES.slice(0, index + 1).flatMap((one) => [...SCOPES_FROM[one]])),
  ]),
);

/** Returns the scopes of a role; none for an account that is not an operator. */
export const scopesOfRole = (role: Role | undefined): ReadonlySet<string> =>
  (role && scopesByRole.get(role)) ?? new Set();

/** Returns the audience of access tokens for the Admin API, which is also its resource indicator (RFC 8707). */
export const adminAudience = (issuer: string): string => `${issuer}/admin`;
