import type { Configuration } from 'oidc-provider';

/** The paths of the endpoints. */
export const routes = {
  authorization: '/oauth/authorize',
  backchannel_authentication: '/oauth/backchannel',
  code_verification: '/device',
  device_authorization: '/oauth/device',
  end_session: '/oauth/logout',
  introspection: '/oauth/introspect',
  jwks: '/oauth/jwks',
  pushed_authorization_request: '/oauth/par',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
} as const satisfies NonNullable<Configuration['routes']>;

/**
 * The endpoint where apps sign people in without a browser. It is not one of the library's, but its router serves it.
 */
export const AUTHORIZATION_CHALLENGE = '/oauth/authorize-challenge';

/** The target of the logout page's form. */
export const LOGOUT_CONFIRMED = `${routes.end_session}/confirm`;

export const DISCOVERY = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
] as const;

const PUBLISHED: readonly string[] = [...DISCOVERY, routes.jwks];

/** Returns whether the response of a path is the same for every caller: the keys and the metadata of the server. */
export const isPublished = (path: string): boolean => PUBLISHED.includes(path);

/** The endpoints that programs call. Their responses are JSON, regardless of `Accept`. */
const PROGRAM_PATHS: readonly string[] = [
  ...DISCOVERY,
  AUTHORIZATION_CHALLENGE,
  routes.backchannel_authentication,
  routes.device_authorization,
  routes.introspection,
  routes.jwks,
  routes.pushed_authorization_request,
  routes.revocation,
  routes.token,
  routes.userinfo,
];

export const isProgramPath = (path: string): boolean =>
  PROGRAM_PATHS.includes(path) || path === routes.registration || path.startsWith(`${routes.registration}/`);

const METHODS: Record<string, readonly string[]> = {
  ...Object.fromEntries(DISCOVERY.map((path) => [path, ['GET', 'HEAD']])),
  [routes.jwks]: ['GET', 'HEAD'],
  [routes.userinfo]: ['GET', 'HEAD', 'POST'],
  [routes.token]: ['POST'],
  [routes.introspection]: ['POST'],
  [routes.revocation]: ['POST'],
  [routes.pushed_authorization_request]: ['POST'],
  [routes.backchannel_authentication]: ['POST'],
  [routes.device_authorization]: ['POST'],
  [routes.registration]: ['POST'],
  [AUTHORIZATION_CHALLENGE]: ['POST'],
  [routes.authorization]: ['GET', 'HEAD', 'POST'],
  [routes.code_verification]: ['GET', 'HEAD', 'POST'],
  [routes.end_session]: ['GET', 'HEAD', 'POST'],
};

/** Returns the methods of an endpoint, or undefined for the paths below one, which the library handles. */
export const methodsOf = (path: string): readonly string[] | undefined => METHODS[path];

/** The endpoints that scripts of public clients' origins may call. */
export const CORS_PATHS: readonly string[] = [
  ...DISCOVERY,
  routes.jwks,
  routes.pushed_authorization_request,
  routes.revocation,
  routes.token,
  routes.userinfo,
];

const hasChildren = [routes.registration, routes.authorization, routes.code_verification, routes.end_session];

/**
 * Returns whether the library handles a path. A trailing slash is excluded: the library would accept more than is
 * documented.
 */
export const isLibraryPath = (path: string): boolean =>
  !path.endsWith('/') &&
  (isProgramPath(path) || hasChildren.some((route) => path === route || path.startsWith(`${route}/`)));
